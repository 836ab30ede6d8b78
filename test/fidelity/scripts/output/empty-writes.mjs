import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdout.write('');
process.stderr.write('');
console.log();
console.error();
