import { spawn } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const controller = new AbortController();
const child = spawn('sleep', ['30'], { signal: controller.signal });
child.on('error', (error) => console.log(error.name, error.code));
child.on('close', (code, signal) => console.log(code, signal));
child.on('spawn', () => controller.abort());
