import { spawn } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const child = spawn('cat', { stdio: ['inherit', 'pipe', 'inherit'] });
child.stdout.on('data', (chunk) => process.stdout.write(`from the child: ${chunk}`));
child.on('close', (code) => console.log('child', code));
