import { writeFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (const path of ['/dev/stdout', '/dev/stderr', '/proc/self/fd/1', '/dev/fd/2']) {
  try {
    writeFileSync(path, `${path}\n`, { flag: 'a' });
  } catch (error) {
    console.log(error.code, error.syscall);
  }
}
