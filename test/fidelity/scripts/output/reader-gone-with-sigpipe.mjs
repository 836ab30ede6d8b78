// fidelity: {"reader": "gone", "arrangements": [["null"], ["pipe"], ["file"]]}

import { spawnSync } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { status, signal } = spawnSync('sh', ['-c', 'echo x; echo status $? >&2'], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
console.error(status, signal);
