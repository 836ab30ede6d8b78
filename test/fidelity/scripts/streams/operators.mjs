import { compose, Duplex, Readable } from 'node:stream';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  await Readable.from([1, 2, 3, 4])
    .filter((n) => n % 2)
    .map((n) => n * 2)
    .toArray(),
);
console.log(await Readable.from([1, 2, 3]).reduce((a, b) => a + b, 0), typeof compose, typeof Duplex.from);
