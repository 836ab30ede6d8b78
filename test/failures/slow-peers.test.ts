/** Limits are of a whole message: a byte now and then does not hold up for longer. */
import { mkdirSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Place, prefork, test, waitFor } from '../helpers/index.js';
import { told } from '../launcher/tell.js';

const greeting = Buffer.from('PFI\n\0\0\0\x06node1\0', 'latin1');
const long = Array.from({ length: 12 }, () => 'x'.repeat(100_000));

/** What the server does, and why the script then runs plainly. */
const servers: [name: string, act: (socket: Socket) => void, args: readonly string[], reason: RegExp][] = [
  [
    'greets a byte at a time',
    (socket) => sendSlowly(socket, Buffer.concat([Buffer.from('PFI\n\0\0\x0f\xff', 'latin1'), Buffer.alloc(4095)])),
    [],
    /no server answered within 1 s$/,
  ],
  [
    'takes a long request a little at a time',
    (socket) => {
      socket.write(greeting);
      readSlowly(socket);
    },
    long,
    /it could not be handed over: (Connection|Operation) timed out$/,
  ],
  [
    'refuses, and gives the reason a byte at a time',
    (socket) => {
      socket.write(greeting);
      socket.once('data', () => sendSlowly(socket, Buffer.from(`R\0\0\0\0\0\x03\xe8${'x'.repeat(1000)}`, 'latin1')));
    },
    [],
    /it was refused: no reason given$/,
  ],
];
for (const [name, act, args, reason] of servers) {
  test(`a server that ${name} is left after the limit`, async (t, place) => {
    const script = place.fixture('tells-its-call.mjs');
    const listener = await listen(place, act);
    const env = { PREFORK_INTERP_WAIT: '1' };
    const result = await place.call(['-U', '-g', 'slow', 'node', script, ...args], { env });
    t.match(told(result), { served: false });
    t.match(result.stderr.trim(), reason);
    listener();
  });
}

test('a client that sends its request a byte at a time is left after the limit, and the others are served', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  t.match(told(await place.script(script)), { served: true });
  const [ident] = place.sockets();
  const client = connect(join(place.runDirectory, `s${ident}`));
  client.on('error', () => {});
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  await new Promise<void>((resolve) => client.once('data', () => resolve()));
  sendSlowly(client, Buffer.alloc(1000, 'n'));
  t.match(told(await place.script(script)), { served: true }, 'meanwhile');
  await closed;
  await waitFor('the line', async () =>
    (await prefork(place, ['logs', script])).stdout.includes('a client sent no whole request; nothing has run'),
  );
  t.match(told(await place.script(script)), { served: true });
});

function sendSlowly(socket: Socket, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at === bytes.length || socket.destroyed) clearInterval(timer);
    else socket.write(bytes.subarray(at, ++at));
  }, 150);
  timer.unref();
}

/** A stream that is paused takes no more than it has room for. */
function readSlowly(socket: Socket): void {
  socket.pause();
  const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.read(8192)), 150);
  timer.unref();
}

/** Returns what ends it. */
async function listen(place: Place, act: (socket: Socket) => void): Promise<() => void> {
  mkdirSync(place.runDirectory, { mode: 0o700 });
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    act(socket);
  });
  await new Promise<void>((resolve) => server.listen(join(place.runDirectory, 'sslow'), resolve));
  return () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
}
