import { openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { initialisationComplete } from 'prefork-interp';

const descriptor = openSync(fileURLToPath(new URL('parts/lines.txt', import.meta.url)));

initialisationComplete();
const buffer = Buffer.alloc(4);
console.log(readSync(descriptor, buffer, 0, 4, 0), buffer.toString());
