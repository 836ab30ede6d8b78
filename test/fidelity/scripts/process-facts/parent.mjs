import { readFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const parent = readFileSync(`/proc/${process.ppid}/comm`, 'utf8').trim();
console.log(
  process.ppid === Number(/^PPid:\t(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]),
  parent === 'run-arranged' ? 'the caller' : parent,
);
