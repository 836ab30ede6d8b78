import { readFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.title = 'another';
console.log(
  process.title,
  readFileSync('/proc/self/comm', 'utf8').trim(),
  readFileSync('/proc/self/cmdline', 'latin1').startsWith('another'),
);
