import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const child = spawn('sh', ['-c', 'echo three >&3; cat <&4 >&3'], {
  stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe'],
});
child.stdio[4].end('four');
child.on('close', (code) => console.log(code));
console.log(await text(child.stdio[3]));
