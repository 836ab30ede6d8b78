import { Worker } from 'node:worker_threads';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const shared = new Int32Array(new SharedArrayBuffer(8));
const code = `const { workerData } = require('worker_threads'); Atomics.store(workerData, 0, 7); Atomics.notify(workerData, 0);`;
new Worker(code, { eval: true, workerData: shared }).on('exit', () => console.log('gone', shared[0]));
console.log(Atomics.wait(shared, 0, 0, 10_000) !== 'timed-out', Atomics.load(shared, 0));
