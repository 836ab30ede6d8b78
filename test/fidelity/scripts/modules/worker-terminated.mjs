import { Worker } from 'node:worker_threads';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const worker = new Worker('setInterval(() => {}, 1000)', { eval: true, stdout: true });
worker.on('online', async () => console.log('terminated', await worker.terminate()));
