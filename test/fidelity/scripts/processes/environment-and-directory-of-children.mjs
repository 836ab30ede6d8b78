import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
mkdirSync('d');
console.log(
  execFileSync('sh', ['-c', 'pwd | sed s,.*/,,; umask; echo $ONLY; ulimit -n'], {
    cwd: 'd',
    env: { ONLY: 'this' },
  }).toString(),
);
