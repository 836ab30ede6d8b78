import { initialisationComplete } from 'prefork-interp';

const early = setInterval(() => console.log('not reached'), 100);

initialisationComplete();
clearInterval(early);
console.log('cleared');
