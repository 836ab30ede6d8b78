import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(process.argv.length, process.argv[1], process.argv.slice(2));
