import { writeSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

writeSync(1, 'by initialisation to stdout\n');
writeSync(2, 'by initialisation to stderr\n');

initialisationComplete();
console.log('by the call');
