import { deserialize, serialize } from 'node:v8';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(deserialize(serialize({ a: new Map([[1, 2n]]), b: new Uint8Array([1]) })), serialize('x').toString('hex'));
