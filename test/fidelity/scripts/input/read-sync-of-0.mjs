import { readSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const buffer = Buffer.alloc(5);
try {
  for (let n = readSync(0, buffer); n > 0; n = readSync(0, buffer)) console.log(n, buffer.toString('latin1', 0, n));
} catch (error) {
  console.log(error.code, error.syscall);
}
