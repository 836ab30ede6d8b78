import { Worker } from 'node:worker_threads';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const worker = new Worker(new URL('./parts/worker.mjs', import.meta.url), {
  workerData: { n: 20 },
  argv: ['one'],
  env: { ONLY: '1' },
});
// What the worker prints comes before its message or after it.
const messages = [];
worker.on('message', (message) => messages.push(message));
worker.on('exit', (code) => console.log('exit', code, messages));
worker.on('online', () => worker.postMessage('end'));
