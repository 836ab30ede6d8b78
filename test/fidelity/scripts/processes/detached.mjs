import { spawn } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const child = spawn('sh', ['-c', 'exit 0'], { detached: true, stdio: 'ignore' });
child.unref();
child.on('exit', (code) => console.log('exit', code));
setTimeout(() => console.log('timer'), 300);
