import { Worker } from 'node:worker_threads';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const worker = new Worker('setTimeout(() => { throw new TypeError("in the worker") }, 1)', { eval: true });
worker.on('error', (error) => console.log('error', error.name, error.message));
worker.on('exit', (code) => console.log('exit', code));
