import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
setTimeout(function named() {
  throw new TypeError('in a timer');
}, 1);
