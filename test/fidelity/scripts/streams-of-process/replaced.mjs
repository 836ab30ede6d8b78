import { PassThrough } from 'node:stream';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const lines = [];
const stream = new PassThrough().on('data', (chunk) => lines.push(chunk.toString()));
Object.defineProperty(process, 'stdout', { value: stream, configurable: true });
process.stdout.write('caught\n');
console.log('by the console');
setImmediate(() => console.error(lines));
