import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const out = createWriteStream('big');
for (let i = 0; i < 5000; i++) if (!out.write(`line ${i}\n`)) await new Promise((go) => out.once('drain', go));
await new Promise((go) => out.end(go));
await pipeline(createReadStream('big', { start: 100, end: 50_000 }), createWriteStream('part'));
console.log(out.bytesWritten);
