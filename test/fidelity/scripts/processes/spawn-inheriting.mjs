import { spawn } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('before');
spawn('sh', ['-c', 'cat; echo out; echo err >&2'], { stdio: 'inherit' }).on('close', (code) =>
  console.log('after', code),
);
