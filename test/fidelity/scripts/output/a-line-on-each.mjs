import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('out');
console.error('err');
