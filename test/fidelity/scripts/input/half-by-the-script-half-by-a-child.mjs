// fidelity: {"arrangements": [["file"], [], []]}

import { spawnSync } from 'node:child_process';
import { readSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const buffer = Buffer.alloc(8);
console.log(readSync(0, buffer, 0, 8, null), buffer.toString());
spawnSync('cat', { stdio: ['inherit', 'inherit', 'inherit'] });
