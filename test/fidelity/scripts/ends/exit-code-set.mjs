import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.exitCode = 7;
console.log(process.exitCode);
