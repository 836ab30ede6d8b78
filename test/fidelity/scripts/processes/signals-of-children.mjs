import { execFileSync } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  execFileSync('grep', ['-E', '^(SigBlk|SigIgn|SigCgt|NoNewPrivs|Seccomp):', '/proc/self/status'], {
    encoding: 'utf8',
  }),
);
