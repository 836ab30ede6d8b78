import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const buffers = Array.from({ length: 50 }, (_, i) => Buffer.alloc(100_000, i));
console.log(
  buffers.reduce((sum, buffer) => sum + buffer[99_999], 0),
  Buffer.poolSize,
  Buffer.allocUnsafe(10).length,
);
console.log(
  Buffer.concat([Buffer.from('a'), Buffer.from([98])]).toString(),
  Buffer.byteLength('€'),
  Buffer.from('ff', 'hex').readInt8(0),
);
