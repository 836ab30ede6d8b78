import { PassThrough } from 'node:stream';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const stream = new PassThrough({ highWaterMark: 10 });
console.log(stream.write('12345'), stream.write('67890'), stream.writableNeedDrain, stream.writableLength);
stream.on('drain', () => console.log('drain'));
stream.on('data', (chunk) => console.log(chunk.toString()));
stream.end();
