import { isatty } from 'node:tty';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(isatty(0), isatty(1), isatty(2));
