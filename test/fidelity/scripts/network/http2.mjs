import { connect, createServer } from 'node:http2';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const server = createServer();
server.on('stream', (stream, headers) => {
  stream.respond({ ':status': 200 });
  stream.end(`path ${headers[':path']}`);
});
server.listen(0, '127.0.0.1', () => {
  const session = connect(`http://127.0.0.1:${server.address().port}`);
  const stream = session.request({ ':path': '/two' });
  let text = '';
  stream.on('response', (headers) => console.log(headers[':status']));
  stream.on('data', (chunk) => (text += chunk));
  stream.on('end', () => {
    console.log(text);
    session.close();
    server.close();
  });
});
