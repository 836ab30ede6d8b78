import cluster from 'node:cluster';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
if (cluster.isPrimary) {
  const worker = cluster.fork();
  worker.on('message', (message) => console.log(message));
  worker.on('exit', (code) => console.log('worker', code));
} else {
  process.send(`worker ${cluster.worker.id}`, () => process.exit(3));
}
