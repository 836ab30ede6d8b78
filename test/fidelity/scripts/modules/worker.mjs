import { Worker } from 'node:worker_threads';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const worker = new Worker(new URL('./parts/worker.mjs', import.meta.url), {
  workerData: { n: 20 },
  argv: ['one'],
  env: { ONLY: '1' },
});
worker.on('message', (message) => console.log('message', message));
worker.on('exit', (code) => console.log('exit', code));
worker.on('online', () => worker.postMessage('end'));
