import { Agent, createServer, request } from 'node:http';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const server = createServer(async (incoming, response) => {
  let body = '';
  for await (const chunk of incoming) body += chunk;
  response.end(body.toUpperCase());
});
await new Promise((go) => server.listen(0, '127.0.0.1', go));
const agent = new Agent({ keepAlive: true });
for (const body of ['first', 'second']) {
  await new Promise((go) => {
    const sent = request({ port: server.address().port, method: 'POST', agent }, (response) => {
      response.on('data', (chunk) => console.log(chunk.toString(), sent.reusedSocket)).on('end', go);
    });
    sent.end(body);
  });
}
agent.destroy();
server.close();
