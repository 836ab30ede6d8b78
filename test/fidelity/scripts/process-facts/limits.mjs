import { readFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(readFileSync('/proc/self/limits', 'utf8'));
