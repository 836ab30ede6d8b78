import { spawn } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const child = spawn('cat', { stdio: ['inherit', 'pipe', 'inherit'] });
// A terminal is read line by line, and how many lines come at once is chance.
let text = '';
child.stdout.on('data', (chunk) => (text += chunk));
child.on('close', (code) => console.log('child', code, text));
