import { spawnSync } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(spawnSync('echo "$0" "$1" $((1+1))', ['a', 'b'], { shell: '/bin/sh' }).stdout.toString());
console.log(spawnSync('printf %s', ["'quoted word'"], { shell: true, encoding: 'latin1' }).stdout);
