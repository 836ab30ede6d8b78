import { readFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  readFileSync('/proc/self/cgroup', 'utf8'),
  readFileSync('/proc/self/oom_score_adj', 'utf8'),
  readFileSync('/proc/self/timerslack_ns', 'utf8'),
);
