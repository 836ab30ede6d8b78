import { readFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const wanted =
  /^(Umask|Uid|Gid|Groups|NoNewPrivs|Seccomp|SigBlk|SigIgn|SigPnd|CapEff|CapBnd|Cpus_allowed|NSpid|FDSize|Name|State):/;
const lines = readFileSync('/proc/self/status', 'utf8')
  .split('\n')
  .filter((line) => wanted.test(line));
console.log(lines.map((line) => line.replace(/^(NSpid):.*/, '$1')).join('\n'));
