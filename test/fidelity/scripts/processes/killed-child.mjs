import { spawn } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const child = spawn('sleep', ['30']);
child.on('exit', (code, signal) => console.log(code, signal, child.signalCode, child.killed));
child.on('spawn', () => console.log(child.kill('SIGINT')));
