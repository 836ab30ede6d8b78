// One line: what is measured is the start.
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('hello');
