import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(Object.keys(process).join());
console.log(Object.getOwnPropertyNames(process).sort().join());
