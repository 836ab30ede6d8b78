import { createServer } from 'node:net';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const server = createServer().listen(0, '127.0.0.1', () => {
  server.unref();
  console.log('unreferenced');
});
process.on('exit', (code) => console.log('exit', code));
