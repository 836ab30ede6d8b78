import { isMainThread, parentPort, threadId, workerData } from 'node:worker_threads';

console.log('in the worker', isMainThread, threadId, process.argv.slice(2), process.env.ONLY);
parentPort.once('message', () => {
  parentPort.postMessage({ squared: workerData.n ** 2 });
  process.exitCode = 4;
});
