import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const shout = new Transform({
  transform(chunk, _encoding, done) {
    done(null, chunk.toString().toUpperCase());
  },
  flush(done) {
    this.push('flushed\n');
    done();
  },
});
await pipeline(['one\n', 'two\n'], shout, process.stdout, { end: false });
