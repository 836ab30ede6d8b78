import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.exitCode = 6;
process.exit();
