import { openSync, readFileSync, rmdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (const act of [
  () => readFileSync('missing'),
  () => openSync('.', 'w'),
  () => rmdirSync('missing'),
  () => readFileSync(999),
]) {
  try {
    act();
  } catch (error) {
    console.log(error.code, error.errno, error.syscall, error.path, error.message);
  }
}
await readFile('missing').catch((error) => console.log(error.stack.split('\n')[0], error.errno));
