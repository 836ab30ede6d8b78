import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('before');
process.abort();
