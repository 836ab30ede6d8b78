import { readFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const flags = () =>
  [0, 1, 2].map((name) => /flags:\t(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${name}`, 'utf8'))[1]).join();
const before = flags();
void [process.stdin, process.stdout, process.stderr];
const after = flags();
console.log(before, after);
