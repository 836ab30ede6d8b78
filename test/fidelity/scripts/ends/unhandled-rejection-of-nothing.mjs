import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
Promise.reject();
