import { connect, createServer } from 'node:net';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const server = createServer((socket) => socket.on('data', (data) => socket.end(data.toString().toUpperCase())));
server.listen(0, '127.0.0.1', () => {
  const client = connect(server.address().port, '127.0.0.1', () => client.write('hello'));
  client.on('data', (data) => console.log(data.toString(), client.remoteFamily));
  client.on('close', (failed) => server.close(() => console.log('closed', failed)));
});
