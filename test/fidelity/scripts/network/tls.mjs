import { connect, createServer, getCiphers, rootCertificates } from 'node:tls';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const key = Buffer.alloc(16, 7);
const common = { ciphers: 'PSK-AES128-GCM-SHA256', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' };
const server = createServer({ ...common, pskCallback: () => key, pskIdentityHint: 'hint' }, (socket) =>
  socket.end('encrypted'),
);
server.listen(0, '127.0.0.1', () => {
  const how = { ...common, pskCallback: () => ({ psk: key, identity: 'me' }), checkServerIdentity: () => undefined };
  const socket = connect({ ...how, port: server.address().port, host: '127.0.0.1' }, () =>
    console.log(socket.getProtocol(), socket.getCipher().name),
  );
  socket.on('data', (data) => console.log(data.toString()));
  socket.on('close', () => server.close());
});
console.log(getCiphers().length > 0, rootCertificates.length > 100);
