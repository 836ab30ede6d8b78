import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdin.pipe(process.stdout);
