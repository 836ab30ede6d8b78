import { createServer } from 'node:http';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const server = createServer((request, response) =>
  response.end(JSON.stringify({ path: request.url, agent: request.headers['user-agent'] })),
);
await new Promise((go) => server.listen(0, '127.0.0.1', go));
const response = await fetch(`http://127.0.0.1:${server.address().port}/x`);
console.log(response.status, response.ok, await response.json());
server.closeAllConnections();
server.close();
