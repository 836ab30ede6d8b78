import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const fails = new Writable({ write: (_chunk, _encoding, done) => done(new Error('full')) });
await pipeline(Readable.from(['x']), fails).catch((error) => console.log(error.message, fails.destroyed));
