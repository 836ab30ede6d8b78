import { PassThrough } from 'node:stream';
import { initialisationComplete } from 'prefork-interp';

const lines = [];
const stream = new PassThrough().on('data', (chunk) => lines.push(chunk.toString()));
console._stdout = stream;
initialisationComplete();
console.log('into the stream of its own');
console.error('on stderr');
process.stdout.write('on stdout\n');
setImmediate(() => console.error(lines, console._stdout === stream, console._stderr === process.stderr));
