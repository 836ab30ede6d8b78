import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.exitCode = '8';
setTimeout(() => console.log(process.exitCode), 5);
