import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const server = createServer((socket) => socket.end('from the server'));
server.listen('socket', () => {
  console.log(server.address(), existsSync('socket'));
  connect('socket')
    .on('data', (data) => console.log(data.toString()))
    .on('close', () => server.close());
});
server.on('close', () => console.log(existsSync('socket')));
