import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.exit(257);
