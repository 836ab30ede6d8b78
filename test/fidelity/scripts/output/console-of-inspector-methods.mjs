import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.profile('p');
console.profileEnd('p');
console.timeStamp('stamp');
console.log(Object.keys(console).join());
