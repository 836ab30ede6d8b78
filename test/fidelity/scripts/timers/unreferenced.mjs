import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
setTimeout(() => console.log('not reached'), 50).unref();
console.log('end');
