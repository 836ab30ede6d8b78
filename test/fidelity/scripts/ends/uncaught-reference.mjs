import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
missing();
