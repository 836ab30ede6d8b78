import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('before');
process.exit(5);
