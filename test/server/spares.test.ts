/** Spares: how many there are, whom they serve, and with whom they go. */
import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';
import { describe, killProcess, type LiveProcess, type Place, test, waitFor } from '../helpers/index.js';

const cases: [settings: object, spares: number][] = [
  [{}, 2],
  [{ spares: 1 }, 1],
  [{ spares: 5 }, 5],
];
for (const [settings, spares] of cases) {
  test(`${JSON.stringify(settings)} keeps ${spares} waiting`, async (t, place) => {
    const script = prepare(place, settings);
    for (const number of ['1', '2', '3']) {
      t.match(await place.script(script, [number]), { stdout: `${number}\n` });
      await waitFor('the spares', () => executors(place).length === spares);
    }
    const before = executors(place).map(({ pid }) => pid);
    await delay(100);
    t.strictSame(
      executors(place).map(({ pid }) => pid),
      before,
      'no more, and the same ones',
    );
  });
}

test('each call has a process of its own, made from what initialisation left', async (t, place) => {
  const script = place.write(
    'counter.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     let count = 0;
     globalThis.shared = [count];
     initialisationComplete();
     globalThis.shared.push(++count);
     console.log(globalThis.shared.join(), process.pid);`,
  );
  const results = await Promise.all(Array.from({ length: 12 }, () => place.script(script)));
  t.ok(results.every(({ stdout }) => stdout.startsWith('0,1 ')));
  t.equal(new Set(results.map(({ stdout }) => stdout.split(' ')[1])).size, 12);
});

test('a call wakes one spare, and the others sleep on', async (t, place) => {
  const script = prepare(place, { spares: 4 });
  await place.script(script, ['0']);
  const all = await waitFor('the spares', () => {
    const found = executors(place);
    return found.length === 4 && found.every(({ pid }) => waitsInAccept(pid)) ? found : undefined;
  });
  const before = new Map(all.map(({ pid }) => [pid, switches(pid)]));
  t.match(await place.script(script, ['1']), { stdout: '1\n' });
  const left = await waitFor('the one that was taken to end', () => {
    const found = all.filter(({ pid, startTime }) => describe(pid)?.startTime === startTime);
    return found.length === 3 ? found : undefined;
  });
  for (const { pid } of left) t.equal(switches(pid), before.get(pid));
});

test('silent clients use up spares but starve nobody', async (t, place) => {
  const script = prepare(place, {});
  await place.script(script, ['0']);
  const { pid } = await server(place);
  const sockets: Socket[] = [];
  try {
    for (let i = 0; i < 20; i++) sockets.push(await connect(place));
    for (let number = 1; number <= 10; number++) {
      const result = await place.script(script, [String(number)]);
      t.match(result, { code: number, stdout: `${number}\n`, stderr: '' });
    }
    const greetings = await Promise.all(sockets.map(greetingOf));
    t.ok(
      greetings.every((greeting) => greeting.startsWith('PFI\n')),
      'each of them was greeted',
    );
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  t.equal((await server(place)).pid, pid, 'the server is the same');
  await waitFor('what was taken by them to go', () => executors(place).every(({ pid }) => waitsInAccept(pid)));
  t.equal(place.read('runs').split('\n').length, 12, 'nothing ran for them');
});

test('clients that send nonsense run nothing and harm nobody', async (t, place) => {
  const script = prepare(place, {});
  await place.script(script, ['0']);
  const { pid } = await server(place);
  const nonsense = [
    Buffer.alloc(0),
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.alloc(1),
    Buffer.alloc(100_000),
    Buffer.alloc(100_000, 0xff),
    Buffer.alloc(4096, 1),
  ];
  for (const bytes of nonsense) {
    const socket = await connect(place);
    await greetingOf(socket);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.end(bytes);
    await closed;
  }
  t.match(await place.script(script, ['1']), { code: 1, stdout: '1\n', stderr: '' });
  t.equal((await server(place)).pid, pid);
  t.equal(place.read('runs').split('\n').length, 3, 'nothing ran for them');
});

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGSEGV'] as const) {
  test(`when a server ends by ${signal}, spares and watcher go with it, and the next call is answered`, async (t, place) => {
    const script = prepare(place, { spares: 4 });
    await place.script(script, ['1']);
    await waitFor('spares and watcher', () => executors(place).length === 4 && place.processes().length === 10);
    const { pid } = await server(place);
    process.kill(pid, signal);
    await waitFor('all of them to go', () => place.processes().length === 0);
    t.match(await place.script(script, ['2']), { code: 2, stderr: '' });
    t.not((await server(place)).pid, pid);
  });
}

test('a spare that was killed is replaced', async (t, place) => {
  const script = prepare(place, {});
  await place.script(script, ['1']);
  const { pid } = await server(place);
  for (const which of ['executors', 'monitors'] as const) {
    const victims = await waitFor('two spares', () => {
      const found = which === 'executors' ? executors(place) : monitors(place);
      return found.length === 2 && found;
    });
    for (const victim of victims) killProcess(victim);
    await waitFor(`the killed ${which} to go`, () => victims.every((victim) => describe(victim.pid) === undefined));
    t.match(await place.script(script, ['2']), { code: 2, stderr: '' });
    await waitFor('two spares again', () => executors(place).length === 2 && monitors(place).length === 2);
  }
  t.equal((await server(place)).pid, pid);
});

const skip = process.getuid?.() !== 0 && 'only root can act as another user';
test('another user is not served', notOther, { skip });

async function notOther(t: Test, place: Place): Promise<void> {
  const script = prepare(place, {});
  await place.script(script, ['0']);
  // Modes alone keep others out: they are taken away here, so that it is the check of credentials that is tested.
  const socket = socketPath(place);
  const open = `chmod 755 ${place.root} ${place.root}/run ${place.runDirectory}; chmod 666 ${socket}`;
  await place.startProgram('/bin/sh', ['-c', open]).ended;
  const source = `
    const socket = require('net').connect(${JSON.stringify(socket)});
    let greeting = '';
    socket.on('data', (chunk) => { greeting += chunk; socket.end(); });
    socket.on('error', (error) => { greeting += error.code; });
    socket.on('close', () => console.log('greeting: ' + greeting.slice(0, 3)));`;
  const program = [process.execPath, '-e', source];
  const asRoot = await place.startProgram('/usr/bin/env', program).ended;
  t.equal(asRoot.stdout, 'greeting: PFI\n', 'its own user is greeted');
  const other = await place.startProgram('setpriv', ['--reuid=65534', '--clear-groups', ...program], { cwd: '/' })
    .ended;
  t.match(other.stdout, /^greeting: (ECO)?\n$/, 'another is not');
}

function prepare(place: Place, settings: object): string {
  place.write('marks-run.json', JSON.stringify(settings));
  return place.fixture('marks-run.mjs');
}

function server(place: Place) {
  return waitFor('the server', () => place.servers()[0]);
}

function socketPath(place: Place): string {
  return join(place.runDirectory, `s${place.sockets()[0]}`);
}

async function connect(place: Place): Promise<Socket> {
  const socket = createConnection(socketPath(place));
  socket.on('error', () => {}); // Being hung up on is an answer too.
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

async function greetingOf(socket: Socket): Promise<string> {
  return String(await new Promise((resolve) => socket.once('data', resolve)));
}

function monitors(place: Place): LiveProcess[] {
  return place.processes().filter(({ command }) => command.startsWith('prefork-interp-monitor'));
}

function executors(place: Place): LiveProcess[] {
  const parents = new Set(monitors(place).map(({ pid }) => pid));
  return place.processes().filter(({ parent }) => parents.has(parent));
}

/** Whether its main thread sleeps in accept4: the first word of `syscall` is its number. It may have gone since it was listed. */
function waitsInAccept(pid: number): boolean {
  const number = process.arch === 'arm64' ? '242' : '288';
  try {
    return readFileSync(`/proc/${pid}/syscall`, 'latin1').startsWith(`${number} `);
  } catch {
    return false;
  }
}

/** How often its main thread has gone to sleep. */
function switches(pid: number): string | undefined {
  return /^voluntary_ctxt_switches:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
}
