import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Place, type Result, test } from '../helpers/index.js';
import { initialisations, launcherLines, told } from '../launcher/tell.js';

const ident = 'mine';

function greeting(...words: string[]): Buffer {
  const extra = Buffer.from(words.map((word) => `${word}\0`).join(''));
  const head = Buffer.from('PFI\n\0\0\0\0');
  head.writeUInt32BE(extra.length, 4);
  return Buffer.concat([head, extra]);
}

function frame(kind: string, value: number, rest = ''): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.write(kind);
  bytes.writeUInt32BE(value, 4);
  return Buffer.concat([bytes, Buffer.from(rest)]);
}

/** What listens at the socket does this before it has had a request: nothing can have run, so the script runs plainly. */
const strangers: [name: string, act: (socket: Socket) => void, reason: RegExp][] = [
  ['talks nonsense', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), /no server of ours/],
  ['talks nonsense and closes', (socket) => socket.end('220 welcome\r\n'), /no server of ours/],
  ['says one wrong byte', (socket) => socket.write('Q'), /no server of ours/],
  ['says nothing', () => {}, /no server answered within 1 s/],
  ['says half a greeting', (socket) => socket.write('PFI\n\0'), /no server answered within 1 s/],
  [
    'says a greeting whose words do not come',
    (socket) => socket.write(greeting('node1').subarray(0, 10)),
    /no server answered/,
  ],
  ['greets too long', (socket) => socket.write(Buffer.from('PFI\n\xff\xff\xff\xff', 'latin1')), /greeting is too long/],
  [
    'says more than a greeting',
    (socket) => socket.write(Buffer.concat([greeting('node1'), frame('S', 0)])),
    /more than a greeting/,
  ],
  ['closes at once', (socket) => socket.end(), /no server stayed long enough/],
  ['resets the connection', (socket) => socket.destroy(), /no server stayed long enough/],
  ['closes after half a greeting', (socket) => socket.end('PFI\n\0\0'), /no server stayed long enough/],
  ['refuses', (socket) => greetThen(socket, answer(frame('R', 7, 'no room'))), /it was refused: no room$/],
  ['refuses without a reason', (socket) => greetThen(socket, answer(frame('R', 0))), /it was refused:$/],
];
for (const [name, act, reason] of strangers) {
  test(`the script runs plainly, with a line, when what listens at the socket ${name}`, async (t, place) => {
    const script = place.fixture('tells-its-call.mjs');
    const listener = await listen(place, act);
    const result = await call(place, script, ['a']);
    t.match(told(result), { served: false, argv: { 2: 'a' } });
    t.match(result.stderr, /^prefork-interp: running \S+ plainly: [^\n]*\n$/);
    t.match(result.stderr.trim(), reason);
    t.equal(initialisations(place), 1);
    await listener.close();
  });
}

test('one that greets but never reads a long request', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  const listener = await listen(place, (socket) => {
    socket.pause();
    socket.write(greeting('node1'));
  });
  const long = Array.from({ length: 12 }, () => 'x'.repeat(100_000));
  const result = await call(place, script, long);
  t.match(told(result), { served: false });
  t.match(result.stderr, /^prefork-interp: running \S+ plainly: it could not be handed over: [^\n]*\n$/);
  await listener.close();
});

/** Once the request has been sent, the script may have run: it is not run again. */
const losers: [name: string, act: (socket: Socket) => void][] = [
  ['closes', (socket) => greetThen(socket, (it) => it.end())],
  ['closes in the middle of a frame', (socket) => greetThen(socket, answer(frame('S', 0).subarray(0, 5)))],
  ['resets the connection', (socket) => greetThen(socket, (it) => it.destroy())],
];
for (const [name, act] of losers) {
  test(`one line and 127 when what took the request ${name}`, async (t, place) => {
    const script = place.fixture('tells-its-call.mjs');
    const listener = await listen(place, act);
    t.match(await call(place, script, ['a']), {
      code: 127,
      stdout: '',
      stderr: /^prefork-interp: lost the executor of [^\n]*it is not run again\n$/,
    });
    t.equal(initialisations(place), 0);
    await listener.close();
  });
}

test('frames of a later version are passed over, and the status counts', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  const frames = Buffer.concat([frame('?', 7), frame('C', 0), frame('S', 42 << 8)]);
  const listener = await listen(place, (socket) => greetThen(socket, answer(frames)));
  t.match(await call(place, script), { code: 42, signal: null, stdout: '', stderr: '' });
  await listener.close();
});

/** What stands where the socket should be is replaced, or is in the way. */
const things: [name: string, make: (path: string) => void, served: boolean][] = [
  ['a file', (path) => writeFileSync(path, 'x'), true],
  ['a socket that nobody listens at', (path) => abandonSocket(path), true],
  ['a link to nowhere', (path) => symlinkSync('nowhere', path), true],
  ['an empty directory', (path) => mkdirSync(path), true],
  ['a directory with something in it', (path) => mkdirSync(join(path, 'x'), { recursive: true }), false],
];
for (const [name, make, served] of things) {
  test(`where the socket should be there is ${name}`, async (t, place) => {
    const script = place.fixture('tells-its-call.mjs');
    mkdirSync(place.runDirectory, { mode: 0o700 });
    make(join(place.runDirectory, `s${ident}`));
    const result = await call(place, script, ['a']);
    t.match(told(result), { served, argv: { 2: 'a' } });
    if (served) t.equal(result.stderr, '');
    else t.equal(launcherLines(result.stderr).filter((line) => line.includes(' plainly: ')).length, 1);
    if (served) await place.call(['-U', '--kill', '-g', ident, 'node', script]);
    else rmSync(join(place.runDirectory, `s${ident}`), { recursive: true });
  });
}

test('no server: information, lock and marker of rubbish do no harm', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  mkdirSync(place.runDirectory, { mode: 0o700 });
  for (const letter of ['i', 'u', 'l'])
    writeFileSync(join(place.runDirectory, `${letter}${ident}`), '\0rubbish\n'.repeat(9));
  for (const turn of ['cold', 'warm']) {
    const result = await call(place, script);
    t.match(told(result), { served: true }, turn);
    t.equal(result.stderr, '', turn);
  }
});

function call(place: Place, script: string, args: string[] = []): Promise<Result> {
  return place.call(['-U', '-g', ident, 'node', script, ...args], { env: { PREFORK_INTERP_WAIT: '1' } });
}

/** Greets, reads something of a request, and then does as told. */
function greetThen(socket: Socket, act: (socket: Socket) => void): void {
  socket.write(greeting('node1', 'and a word of later'));
  socket.once('data', () => setTimeout(act, 20, socket));
}

/** Says this and closes. */
function answer(bytes: Buffer): (socket: Socket) => void {
  return (socket) => socket.end(bytes);
}

async function listen(place: Place, act: (socket: Socket) => void): Promise<{ close: () => Promise<void> }> {
  mkdirSync(place.runDirectory, { mode: 0o700 });
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.unref();
    socket.on('error', () => {});
    act(socket);
  });
  const path = join(place.runDirectory, `s${ident}`);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  server.unref();
  chmodSync(path, 0o600);
  return {
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A process that listens and is killed leaves its socket. */
function abandonSocket(path: string): void {
  const program = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  spawnSync(process.execPath, ['-e', program, path]);
  if (!statSync(path).isSocket()) throw new Error('no socket was left');
}
