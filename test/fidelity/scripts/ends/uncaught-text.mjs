import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
throw 'a text';
