import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type Place, test, waitFor } from '../helpers/index.js';
import { launcherLines } from '../launcher/tell.js';

/** What initialisation does that a fork would lose, how it lets go in the call, and what the reason must name. */
const causes: [name: string, initialisation: string, letGo: string, reason: RegExp][] = [
  [
    'a listening socket',
    "const server = (await import('node:net')).createServer().listen(0);",
    'server.close();',
    /tcp/,
  ],
  [
    'a socket in the file system',
    "const server = (await import('node:net')).createServer().listen('./sock');",
    'server.close();',
    /pipe/,
  ],
  [
    'a worker thread',
    "const worker = new (await import('node:worker_threads')).Worker('setInterval(() => {}, 1000)', { eval: true });",
    'worker.terminate();',
    /thread/,
  ],
  [
    'an open connection',
    `const net = await import('node:net');
    const connection = net.connect({ port: Number(process.env.PORT) });
    await new Promise((resolve) => connection.once('connect', resolve));`,
    'connection.destroy();',
    /tcp/,
  ],
  ['a watched file', "const watcher = (await import('node:fs')).watch('.');", 'watcher.close();', /fs_event/],
  [
    'a polled file',
    "const fs = await import('node:fs'); fs.watchFile('./absent', () => {});",
    "fs.unwatchFile('./absent');",
    /fs_poll/,
  ],
  [
    'a child process',
    "const child = (await import('node:child_process')).spawn('sleep', ['60']);",
    'child.kill();',
    /process/,
  ],
  [
    'a datagram socket',
    "const socket = (await import('node:dgram')).createSocket('udp4').bind(0);",
    'socket.close();',
    /udp/,
  ],
  [
    'a file that is written',
    "const fs = await import('node:fs'); const out = fs.openSync('written', 'w');",
    'fs.closeSync(out);',
    /a file is open for writing \(\S+written, opened at \S+:5\)/,
  ],
  [
    'a file handle that reads and writes',
    "const out = await (await import('node:fs/promises')).open('written', 'w+');",
    'await out.close();',
    /a file is open for writing \(\S+written, opened at \S+:5\)/,
  ],
  [
    'a pipe with a name',
    "const fs = await import('node:fs'); (await import('node:child_process')).execSync('mkfifo fifo'); const pipe = fs.openSync('fifo', 'r+');",
    'fs.closeSync(pipe);',
    /a pipe is open \(\S+fifo, opened at \S+:5\)/,
  ],
  [
    'a request in flight',
    "const fs = await import('node:fs'); const { execSync } = await import('node:child_process'); execSync('mkfifo fifo'); fs.open('fifo', 'r', (_, fd) => fs.close(fd));",
    "fs.openSync('fifo', 'r+');",
    /request/,
  ],
  [
    'frozen process',
    'void process.stdout; Object.freeze(process);',
    '',
    /process\.pid cannot be changed: it was frozen/,
  ],
  ['sealed process', 'Object.seal(process);', '', /process\.pid cannot be changed: it was frozen, sealed/],
  ['frozen arguments', 'Object.freeze(process.argv);', '', /process\.argv cannot be changed: it was frozen/],
  [
    'arguments of which one is fixed',
    "Object.defineProperty(process.argv, 2, { value: 'a', configurable: false });",
    '',
    /process\.argv cannot be changed/,
  ],
  [
    'process.nextTick fixed',
    "Object.defineProperty(process, 'nextTick', { configurable: false });",
    '',
    /process\.nextTick cannot be changed/,
  ],
];
for (const [name, initialisation, letGo, reason] of causes) {
  test(`a process that cannot be forked (${name}) is the first call itself, later ones are plain`, async (t, place) => {
    const listener = await listen();
    const env = { PORT: String(listener.port), NAME: 'value' };
    const args = ['a', 'b c'];
    const script = place.write('unforkable.mjs', scriptWith(initialisation, letGo));
    const first = await place.script(script, args, { env, input: 'fed\n' });
    const [line, ...more] = launcherLines(first.stderr);
    t.match(line, /^prefork-interp: running \S*unforkable\.mjs unforked: /);
    t.match(line, reason, 'the reason is named');
    t.strictSame(more, []);
    t.match(first, { code: 7, signal: null, stdout: expected(place, args), stderr: `begins\n${line}\n` });
    t.equal(place.read('ran'), 'x', 'initialisation has run once');
    t.strictSame(place.servers(), []);

    rmFifo(place);
    const again = await place.script(script, args, { env, input: 'fed\n' });
    t.match(again, { code: 7, stdout: expected(place, args), stderr: 'begins\n' }, 'it was said a moment ago');
    rmFifo(place);
    const second = await place.script(script, args, { env: { ...env, PREFORK_INTERP_DEBUG: '1' }, input: 'fed\n' });
    t.match(second, { code: 7, stdout: expected(place, args) });
    t.match(launcherLines(second.stderr), [
      /^prefork-interp: running \S*unforkable\.mjs plainly: it cannot be forked: /,
    ]);
    t.match(second.stderr, reason);
    t.equal(place.read('ran'), 'xxx');

    place.write('unforkable.mjs', scriptWith('', ''));
    const mended = await place.script(script, args, { env, input: 'fed\n' });
    t.match(
      mended,
      { code: 7, stdout: expected(place, args).replace('false', 'true'), stderr: 'begins\n' },
      'tried again',
    );
    t.equal(place.servers().length, 1);
    listener.close();
  });
}

test('a script that freezes process before it loads the library runs plainly', async (t, place) => {
  // The stream that initialisation has opened is none of the call's, and nothing else can be put in its place.
  place.write('freezes.mjs', "process.stdout.write('begins\\n'); Object.freeze(process);\n");
  const script = place.write(
    'unforkable.mjs',
    `import './freezes.mjs';
    import { initialisationComplete } from 'prefork-interp';
    console.log(initialisationComplete(), process.argv[2]);
    process.reallyExit(7);`,
  );
  const reasons = [
    /plainly: it was refused: process\.pid cannot be/,
    /plainly: it cannot be forked: process\.pid cannot be/,
  ];
  for (const [i, argument] of ['first', 'second'].entries()) {
    const { code, stdout, stderr } = await place.script(script, [argument]);
    t.strictSame([code, stdout], [7, `begins\nfalse ${argument}\n`]);
    t.match(launcherLines(stderr), [reasons[i]]);
  }
  t.strictSame(place.servers(), []);
});

test('what was remembered is forgotten when any file of it changes, by --kill and by -f', async (t, place) => {
  place.write('imported.mjs', 'export default 1;\n');
  const script = place.write(
    'unforkable.mjs',
    `import './imported.mjs';\n${scriptWith("const server = (await import('node:net')).createServer().listen(0);", 'server.close();')}`,
  );
  const env = { PREFORK_INTERP_DEBUG: '1' };
  const call = async (...options: string[]) =>
    / (unforked|plainly): /.exec((await place.call([...options, '-U', 'node', script], { env })).stderr)?.[1];
  t.equal(await call(), 'unforked');
  t.equal(await call(), 'plainly');
  place.write('imported.mjs', 'export default 2;\n');
  t.equal(await call(), 'unforked', 'an import was edited');
  t.equal(await call(), 'plainly');
  utimesSync(`${place.work}/imported.mjs`, 1, 1);
  t.equal(await call(), 'unforked', 'an import was touched');
  t.equal(await call('-f'), 'unforked');
  t.equal(await call(), 'plainly');
  t.match(await place.call(['--kill', '-U', 'node', script]), { code: 0 });
  t.equal(await call(), 'unforked');
  t.equal(await call(), 'plainly');
  const [marker] = readdirSync(place.runDirectory).filter((name) => name.startsWith('u'));
  const before = new Date(Date.now() - 61_000);
  utimesSync(join(place.runDirectory, marker ?? ''), before, before);
  t.equal(await call(), 'unforked', 'a minute has gone by');
});

test('an unforked call gets the signals of its caller, and ends with it', async (t, place) => {
  const script = place.write(
    'stays.mjs',
    `import { createServer } from 'node:net';
    import { initialisationComplete } from 'prefork-interp';
    createServer().listen(0);
    initialisationComplete();
    process.on('SIGUSR2', () => console.log('USR2'));
    console.log('running');`,
  );
  for (const end of ['SIGTERM', 'SIGINT', 'SIGKILL'] as const) {
    await place.call(['--kill', '-U', 'node', script]);
    const call = place.start(['-U', 'node', script]);
    await waitFor('the script to run', () => call.stdout().includes('running'));
    process.kill(call.pid, 'SIGUSR2');
    await waitFor('the signal', () => call.stdout().includes('USR2'));
    const left = place.processes().filter(({ pid }) => pid !== call.pid);
    process.kill(call.pid, end);
    t.match(await call.exited, { code: null, signal: end });
    if (end === 'SIGKILL') for (const { pid } of left) process.kill(pid, 'SIGKILL');
    await call.ended;
  }
});

/** Timers are plain memory: they are no reason. */
test('open timers, finished requests and closed sockets are no reason not to fork', async (t, place) => {
  const script = place.write(
    'forkable.mjs',
    `import { createServer } from 'node:net';
    import { readFile } from 'node:fs/promises';
    import { execFileSync } from 'node:child_process';
    import { initialisationComplete } from 'prefork-interp';
    const timer = setInterval(() => {}, 1000);
    setTimeout(() => {}, 1000).unref();
    const server = createServer().listen(0);
    await new Promise((resolve) => server.once('listening', resolve));
    await new Promise((resolve) => server.close(resolve));
    await readFile(new URL(import.meta.url));
    execFileSync('true');
    process.on('SIGUSR2', () => {});
    console.error('begins');
    process.stdout.write(String(initialisationComplete()));
    clearInterval(timer);`,
  );
  for (const turn of ['cold', 'warm']) {
    const result = await place.script(script);
    t.match(result, { code: 0, stdout: 'true', stderr: turn === 'cold' ? 'begins\n' : '' }, turn);
  }
});

function scriptWith(initialisation: string, letGo: string): string {
  return `import { appendFileSync, readFileSync } from 'node:fs';
    import { initialisationComplete } from 'prefork-interp';
    appendFileSync(new URL('ran', import.meta.url), 'x');
    console.error('begins');
    ${initialisation}
    const served = initialisationComplete();
    ${letGo}
    const input = readFileSync(0, 'utf8');
    console.log(JSON.stringify([served, process.argv.slice(1), process.env.NAME, process.cwd(), input]));
    if (Object.isFrozen(process)) process.reallyExit(7);
    process.exitCode = 7;
  `;
}

function expected(place: Place, args: readonly string[]): string {
  return `${JSON.stringify([false, [`${place.work}/unforkable.mjs`, ...args], 'value', place.work, 'fed\n'])}\n`;
}

function rmFifo(place: Place): void {
  for (const name of ['fifo', 'sock']) {
    if (existsSync(`${place.work}/${name}`)) rmSync(`${place.work}/${name}`);
  }
}

/** Something to connect to. */
async function listen(): Promise<{ port: number; close: () => void }> {
  const server = createServer((socket) => socket.unref())
    .listen(0)
    .unref();
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
