import { spawnSync } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { status, signal, stdout, stderr, output } = spawnSync('sh', ['-c', 'cat; echo err >&2; exit 2'], {
  input: 'in',
  encoding: 'utf8',
});
console.log(status, signal, stdout, stderr, output.length);
console.log(spawnSync('sleep', ['10'], { timeout: 50 }).signal, spawnSync('missing-program').error.code);
