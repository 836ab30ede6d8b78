import { execFileSync } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  execFileSync('sh', ['-c', 'cd /proc/self/fd; for name in *; do [ $name -gt 9 ] || echo $name; done'], {
    encoding: 'utf8',
  }),
);
