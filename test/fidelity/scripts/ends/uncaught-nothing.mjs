import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
throw null;
