import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('stdin is left alone');
