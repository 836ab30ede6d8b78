import { spawn } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
spawn('sh', ['-c', 'sleep 0.2; echo left > left'], { stdio: 'ignore' }).unref();
console.log('left alone');
setTimeout(() => {}, 600);
