import { Readable } from 'node:stream';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
let bytes = 0;
for await (const chunk of Readable.toWeb(process.stdin)) bytes += chunk.length;
console.log('bytes', bytes);
