import { createServer, get } from 'node:http';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const server = createServer((request, response) =>
  response.writeHead(201, { 'X-Answer': 'yes', Date: 'never' }).end(`${request.method} ${request.url}`),
);
server.listen(0, '127.0.0.1', () => {
  get({ port: server.address().port, host: '127.0.0.1', path: '/path?q=1', agent: false }, (response) => {
    console.log(response.statusCode, response.headers['x-answer'], response.headers.connection);
    response.setEncoding('utf8').on('data', (text) => console.log(text));
    response.on('end', () => server.close(() => console.log('closed')));
  });
});
