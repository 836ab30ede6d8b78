import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
try {
  console.log(JSON.stringify(await text(createReadStream(null, { fd: 0 }))));
} catch (error) {
  console.log(error.code, error.syscall);
}
