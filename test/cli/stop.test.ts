import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type behaviours, leaveSocket, type Place, paths, prefork, startStandIn, test } from '../helpers/index.js';

const ends: [behaviour: keyof typeof behaviours, how: string, signal: NodeJS.Signals | null][] = [
  ['leavesWithItsSocket', 'left', null],
  ['leavesOnSigterm', 'ended by SIGTERM', 'SIGTERM'],
  ['staysUntilKilled', 'ended by SIGKILL', 'SIGKILL'],
];
for (const [behaviour, how, signal] of ends) {
  test(`a server that ${behaviour} is stopped, and its entries are removed`, async (t, place) => {
    const server = await startStandIn(place.runDirectory, 'a1', behaviour);
    const other = await startStandIn(place.runDirectory, 'b1', 'leavesWithItsSocket');
    const { code, stdout, stderr } = await prefork(place, ['stop', 'a1']);
    t.strictSame(
      { code, stdout, stderr },
      { code: 0, stdout: `/somewhere/script.mjs (pid ${server.pid}): ${how}\n`, stderr: '' },
    );
    t.equal((await server.exited).signal, signal);
    t.strictSame(readdirSync(place.runDirectory).sort(), ['ib1', 'lb1', 'sb1', 'ub1']);
    t.equal(other.child.exitCode, null, 'another server stays');
  });
}

test('a stopped process is stopped for good', async (t, place) => {
  const server = await startStandIn(place.runDirectory, 'a1', 'leavesWithItsSocket');
  server.child.kill('SIGSTOP');
  t.match(await prefork(place, ['stop', 'a1']), { code: 0, stdout: /ended by SIGKILL\n$/ });
});

test('--all stops every server and tidies what killed ones left', async (t, place) => {
  const servers = [];
  for (const ident of ['a', 'b', 'c'])
    servers.push(await startStandIn(place.runDirectory, ident, 'leavesWithItsSocket'));
  const hexadecimal = 'ab'.repeat(20);
  const left = ['idead', 'ldead', 'ldead2', `u${hexadecimal}`, `w${hexadecimal}`, `p${'0'.repeat(32)}`];
  for (const name of [...left, 'not-ours']) writeFileSync(join(place.runDirectory, name), '');
  await leaveSocket(join(place.runDirectory, 'sdead'));
  const { code, stdout } = await prefork(place, ['stop', '--all']);
  t.equal(code, 0);
  t.equal(stdout.split('\n').filter((line) => line.endsWith(': left')).length, 3);
  for (const { exited } of servers) t.match(await exited, { code: 0 });
  t.strictSame(readdirSync(place.runDirectory), ['not-ours']);
});

/** What others keep in the run directory, and what is in the way of ours. */
const foreign: [name: string, make: (path: string) => unknown][] = [
  ['ssh-agent', (path) => leaveSocket(path)],
  ['state', (path) => writeFileSync(path, '')],
  ['log', (path) => writeFileSync(path, 'a line')],
  ['images', (path) => mkdirSync(join(path, 'x'), { recursive: true })],
  [`w${'a'.repeat(64)}`, (path) => mkdirSync(path)],
  [`s${'a'.repeat(64)}`, (path) => mkdirSync(join(path, 'x'), { recursive: true })],
  [`i${'b'.repeat(64)}`, (path) => mkdirSync(path)],
  [`u${'c'.repeat(64)}`, (path) => symlinkSync('/', path)],
  [`s${'d'.repeat(64)}`, (path) => symlinkSync(`s${'d'.repeat(64)}`, path)],
];

test('--all neither touches what is not of a server nor fails because of it', async (t, place) => {
  const server = await startStandIn(place.runDirectory, 'a', 'leavesWithItsSocket');
  for (const [name, make] of foreign) await make(join(place.runDirectory, name));
  const { code, stdout, stderr } = await prefork(place, ['stop', '--all']);
  t.strictSame([code, stderr], [0, '']);
  t.match(stdout, /: left\n$/);
  t.match(await server.exited, { code: 0 });
  t.strictSame(readdirSync(place.runDirectory).sort(), foreign.map(([name]) => name).sort());
});

/** What can stand where the lock of a server should be. */
const locks: [name: string, make: (path: string) => unknown][] = [
  ['a folder', (path) => mkdirSync(path)],
  ['a link to itself', (path) => symlinkSync('la', path)],
  ['a file that nobody may open', (path) => writeFileSync(path, '', { mode: 0 })],
];
for (const [name, make] of locks) {
  test(`a server whose lock is ${name} is stopped all the same`, async (t, place) => {
    const server = await startStandIn(place.runDirectory, 'a', 'leavesWithItsSocket');
    const lock = join(place.runDirectory, 'la');
    rmSync(lock);
    make(lock);
    t.match(await prefork(place, ['stop', 'a']), { code: 0, stdout: /: left\n$/, stderr: '' });
    t.match(await server.exited, { code: 0 });
    t.strictSame(readdirSync(place.runDirectory), []);
  });
}

test('what cannot be removed is said in a line', async (t, place) => {
  const root = process.geteuid?.() === 0;
  const server = await startStandIn(place.runDirectory, 'a', 'leavesOnSigterm');
  chmodSync(place.runDirectory, 0o500);
  const prog = [process.execPath, join(paths.packageRoot, 'bin', 'prefork'), 'stop', 'a'];
  const [program = '', ...args] = [...(root ? ['setpriv', '--bounding-set', '-dac_override'] : []), ...prog];
  const { code, stdout, stderr } = await place.startProgram(program, args).ended;
  chmodSync(place.runDirectory, 0o700);
  t.equal(code, 1);
  t.match(stdout, /: ended by SIGTERM\n$/);
  t.match(stderr, /^(prefork: cannot remove \S+: Permission denied\n)+$/);
  t.equal((await server.exited).signal, 'SIGTERM');
});

test('a process that only has the number of a server is left alone', async (t, place) => {
  const innocent = await startStandIn(place.runDirectory, 'a', 'leavesOnSigterm', { startTime: 1 });
  t.match(await prefork(place, ['stop', '--all']), { code: 1, stderr: 'prefork: no server to stop\n' });
  t.equal(innocent.child.exitCode ?? innocent.child.signalCode, null);
  innocent.child.kill('SIGKILL');
});

const targets: [name: string, target: (place: Place, script: string) => string, options?: { cwd: true }][] = [
  ['an absolute path', (_, script) => script],
  ['a path with dots', (place, script) => join(place.work, 'x', '..') + script.slice(place.work.length)],
  ['a link to it', (place, script) => linkTo(place, script)],
  ['a relative path', () => './script.mjs'],
  ['a whole ident', () => 'abc'],
];
for (const [name, target] of targets) {
  test(`a server is named by ${name}`, async (t, place) => {
    const script = place.write('script.mjs', '');
    const server = await startStandIn(place.runDirectory, 'abc', 'leavesWithItsSocket', { script });
    await startStandIn(place.runDirectory, 'abcd', 'leavesWithItsSocket');
    t.match(await prefork(place, ['stop', target(place, script)]), { code: 0, stdout: /: left\n$/ });
    t.match(await server.exited, { code: 0 });
    t.ok(existsSync(join(place.runDirectory, 'sabcd')));
  });
}

test('a script names all of its servers', async (t, place) => {
  const script = place.write('script.mjs', '');
  for (const ident of ['a', 'b']) await startStandIn(place.runDirectory, ident, 'leavesWithItsSocket', { script });
  const { code, stdout } = await prefork(place, ['stop', script]);
  t.equal(code, 0);
  t.equal(stdout.trimEnd().split('\n').length, 2);
});

test('a script that is gone still names its server', async (t, place) => {
  const script = join(place.work, 'gone.mjs');
  await startStandIn(place.runDirectory, 'a', 'leavesWithItsSocket', { script });
  t.match(await prefork(place, ['stop', script]), { code: 0 });
});

test('the beginning of an ident must name one server', async (t, place) => {
  for (const ident of ['abc1', 'abc2']) await startStandIn(place.runDirectory, ident, 'leavesWithItsSocket');
  const several = await prefork(place, ['stop', 'abc']);
  t.match(several, { code: 2, stdout: '', stderr: 'prefork: abc is the beginning of 2 idents\n' });
  t.match(await prefork(place, ['stop', 'abc1']), { code: 0 });
});

test('what names no server is said, the rest is done, and the status is 1', async (t, place) => {
  const server = await startStandIn(place.runDirectory, 'a1', 'leavesWithItsSocket');
  const { code, stdout, stderr } = await prefork(place, ['stop', 'nothing', 'a1']);
  t.equal(code, 1);
  t.match(stdout, /: left\n$/);
  t.equal(stderr, 'prefork: no server of nothing\n');
  t.match(await server.exited, { code: 0 });
});

test('a lock that a client holds stays: it is starting a server', async (t, place) => {
  await startStandIn(place.runDirectory, 'a1', 'leavesWithItsSocket');
  const lock = join(place.runDirectory, 'la1');
  const holder = place.startProgram('/usr/bin/flock', [lock, 'sh', '-c', 'echo held; exec sleep 60']);
  while (!holder.stdout().includes('held')) await new Promise((resolve) => setTimeout(resolve, 5));
  t.match(await prefork(place, ['stop', 'a1']), { code: 0 });
  t.strictSame(readdirSync(place.runDirectory), ['la1']);
  for (const { pid } of place.processes()) process.kill(pid, 'SIGKILL');
  await holder.exited;
});

function linkTo(place: Place, script: string): string {
  const link = join(place.work, 'link');
  symlinkSync(script, link);
  return link;
}
