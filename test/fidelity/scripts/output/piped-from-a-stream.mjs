import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
await pipeline(Readable.from(['a', 'b', 'c\n']), process.stdout, { end: false });
console.log('after');
