import { mkdirSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { initialisationComplete } from 'prefork-interp';

const before = process.cwd();

initialisationComplete();
mkdirSync('below');
console.log(before === process.cwd(), process.cwd() === realpathSync('.'), process.env.PWD);
process.chdir('below');
console.log(process.cwd().split('/').at(-1), resolve('x').split('/').slice(-2).join('/'));
try {
  process.chdir('missing');
} catch (error) {
  console.log(error.code, error.syscall, error.dest);
}
