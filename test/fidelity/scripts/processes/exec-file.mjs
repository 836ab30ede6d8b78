import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(await promisify(execFile)('printf', ['%s-', 'a', 'b']));
await promisify(execFile)('missing-program').catch((error) =>
  console.log(error.code, error.syscall, error.path, error.spawnargs),
);
