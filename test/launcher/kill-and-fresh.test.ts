import { readdirSync } from 'node:fs';
import { describe, type Place, type Running, test, waitFor } from '../helpers/index.js';
import { gone, initialisations, theServer, told } from './tell.js';

/** The issue names it: within a second. */
const AT_ONCE_MS = 1000;

test('--kill ends the server, its spares and its watcher within a second, and leaves no file', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  for (const words of [
    ['--kill', '-U', 'node', script],
    ['-U --kill node', script],
    ['-U', '--kill', '-f', 'node', script, 'x'],
  ]) {
    await place.script(script);
    await waitFor('a spare', () => place.processes().length >= 3);
    const server = theServer(place);
    const begun = performance.now();
    t.match(await place.call(words), { code: 0, stdout: '', stderr: '' }, words.join(' '));
    await gone(server);
    t.ok(performance.now() - begun < AT_ONCE_MS, `${Math.round(performance.now() - begun)} ms`);
    await waitFor('all of it to go', () => place.processes().length === 0);
    t.strictSame(readdirSync(place.runDirectory), []);
  }
  t.equal(initialisations(place), 3);
});

test('--kill without a server is no failure, and makes nothing', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  t.match(await place.call(['--kill', '-U', 'node', script]), { code: 0, stdout: '', stderr: '' });
  await place.script(script);
  for (const words of [
    ['--kill', '-U', 'node', script],
    ['--kill', '-U', 'node', script],
    ['--kill', '-U', 'node', '/no/such/script'],
    ['--kill', '-U', '-g', 'nobody', 'node'],
  ]) {
    t.match(await place.call(words), { code: 0, stdout: '', stderr: '' }, words.join(' '));
  }
  t.strictSame(readdirSync(place.runDirectory), []);
  t.equal(initialisations(place), 1);
});

test('--kill ends this server only', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  await place.script(script);
  await place.call(['-U', '-g', 'other', 'node', script]);
  const listed = () => place.servers().map(({ ident, pid }) => ({ ident, pid }));
  const others = listed().filter(({ ident }) => ident === 'other');
  t.match(await place.call(['--kill', '-U', 'node', script]), { code: 0 });
  await waitFor('one server to go', () => place.servers().length === 1);
  t.strictSame(listed(), others);
  await place.call(['--kill', '-U', '-g', 'other', 'node', script]);
  await waitFor('the other to go', () => place.servers().length === 0);
});

for (const [name, first, second] of [
  ['--kill', '-U', '--kill'],
  ['-f', '-U', '-f'],
  ['-f, when it was the first call itself', '-Uf', '-f'],
] as const) {
  test(`a call in flight goes on after ${name}`, async (t, place) => {
    const script = place.fixture('runs-until-told.mjs');
    if (first === '-U') (await running(place, ['-U', 'node', script])).child.stdin?.end('x');
    const call = await running(place, [first, 'node', script]);
    const server = theServer(place);
    const next = place.start([second, '-U', 'node', script], { stdio: ['pipe', 'pipe', 'pipe'] });
    next.child.stdin?.end('x');
    t.match(await next.ended, { code: second === '-f' ? 5 : 0, stderr: '' });
    await gone(server);
    t.equal(call.child.exitCode, null);
    call.child.stdin?.end('x');
    t.match(await call.ended, { code: 5, stderr: '' });
  });
}

test('-f replaces the server, and the next call is answered by the new one', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  t.match(told(await place.call(['-Uf', 'node', script])), { served: true });
  for (const words of [['-Uf', 'node'], ['-f', '-U', 'node'], ['-U,-f,node']]) {
    const before = theServer(place);
    const begun = performance.now();
    const result = await place.call([...words, script, 'a']);
    t.match(told(result), { served: true, argv: { 2: 'a' } });
    t.equal(result.stderr, '');
    await gone(before);
    t.comment(`replaced after ${Math.round(performance.now() - begun)} ms`);
    const after = theServer(place);
    t.not(after.pid, before.pid);
    t.match(told(await place.script(script)), { served: true });
    t.equal(theServer(place).pid, after.pid);
  }
  t.equal(initialisations(place), 4);
  t.equal(place.sockets().length, 1);
});

/** Starts a call and waits until its script runs. */
async function running(place: Place, words: readonly string[]): Promise<Running> {
  const call = place.start(words, { stdio: ['pipe', 'pipe', 'pipe'] });
  await waitFor('the script to run', () => call.stdout().includes('\n'));
  if (!describe(call.pid)) throw new Error(`it ended: ${call.stderr()}`);
  return call;
}
