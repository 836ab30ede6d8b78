import { readFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(process.env.LD_PRELOAD, readFileSync('/proc/self/environ', 'latin1').split('\0').sort().join('\n'));
