import { mkdirSync, rmdirSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
mkdirSync('gone');
process.chdir('gone');
rmdirSync('../gone');
try {
  console.log(typeof process.cwd());
} catch (error) {
  console.log(error.code, error.syscall);
}
