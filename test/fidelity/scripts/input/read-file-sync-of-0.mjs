import { readFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
try {
  console.log(JSON.stringify(readFileSync(0, 'utf8')));
} catch (error) {
  console.log(error.code, error.syscall);
}
