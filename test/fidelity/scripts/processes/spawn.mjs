import { spawn } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const child = spawn('sh', ['-c', 'read line; echo got $line; exit 4']);
child.stdout.on('data', (chunk) => console.log(chunk.toString()));
child.on('exit', (code, signal) => console.log('exit', code, signal));
child.on('close', (code, signal) => console.log('close', code, signal, child.exitCode, child.killed));
child.on('spawn', () => console.log('spawned', typeof child.pid));
child.stdin.end('a line\n');
