import { getRandomValues, randomBytes, randomFillSync, randomInt, randomUUID } from 'node:crypto';
import { initialisationComplete } from 'prefork-interp';

const early = [Math.random(), randomUUID(), randomInt(1e9)];

initialisationComplete();
const values = [Math.random(), randomUUID(), randomInt(1e9)];
console.log(
  values.some((value) => early.includes(value)),
  /^[\da-f-]{36}$/.test(values[1]),
  values[0] < 1,
  randomBytes(8).length,
);
console.log(
  randomFillSync(Buffer.alloc(8)).some((byte) => byte > 0),
  getRandomValues(new Uint8Array(4)).length,
);
randomInt(10, 11, (error, value) => console.log(error, value));
