import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdout.write('x');
