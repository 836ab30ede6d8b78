import { createSocket } from 'node:dgram';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const socket = createSocket('udp4');
socket.on('message', (message, { address }) => {
  console.log(message.toString(), address);
  socket.close();
});
socket.bind(0, '127.0.0.1', () => socket.send('datagram', socket.address().port, '127.0.0.1'));
