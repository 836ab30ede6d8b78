import { readMemory } from '../../dist/rundir/index.js';
import { prefork, test, waitFor } from '../helpers/index.js';

test('ls shows a real server, stop ends it, and the next call starts another', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  t.match(await place.script(script, ['one']), { code: 0, stdout: '["one"]\n', stderr: '' });
  const [server] = JSON.parse((await prefork(place, ['ls', '--json'])).stdout) as { pid: number }[];
  t.match(server, { script, cwd: place.work });

  t.match(await prefork(place, ['stop', script]), {
    code: 0,
    stdout: `${script} (pid ${server?.pid}): left\n`,
    stderr: '',
  });
  await waitFor('spares and watcher to go', () => place.processes().length === 0);

  t.match(await place.script(script, ['two']), { code: 0, stdout: '["two"]\n', stderr: '' });
  t.not(place.servers()[0]?.pid, server?.pid);
});

test('a call in flight goes on when its server is stopped', async (t, place) => {
  const script = place.fixture('copy-input-to-output.mjs');
  t.match(await place.script(script, [], { input: 'first' }), { code: 0, stdout: 'first', stderr: '' });
  const call = place.start(['-U', 'node', script], { stdio: 'pipe' });
  call.child.stdin?.write('before ');
  await waitFor('the call to answer', () => call.stdout() === 'before ');

  t.match(await prefork(place, ['stop', '--all']), { code: 0, stdout: /: left\n$/ });
  call.child.stdin?.end('after');
  t.match(await call.ended, { code: 0, stdout: 'before after', stderr: '' });
});

test('ls counts the calls that were served and those that run, and the memory of all that belongs to a server', async (t, place) => {
  const script = place.fixture('copy-input-to-output.mjs');
  const list = async () => JSON.parse((await prefork(place, ['ls', '--json'])).stdout) as Record<string, number>[];
  for (const text of ['one', 'two']) t.match(await place.script(script, [], { input: text }), { stdout: text });
  const call = place.start(['-U', 'node', script], { stdio: 'pipe' });
  call.child.stdin?.write('three');
  await waitFor('the call to answer', () => call.stdout() === 'three');
  await waitFor('the watcher', () => place.processes().some(({ command }) => command.includes('watcher')));
  const [busy] = await list();
  t.match(busy, { state: 'busy', calls: 3, running: 1 });
  const all = place.processes().filter(({ pid }) => pid !== call.pid);
  t.equal(busy?.processes, all.length, 'server, watcher, two spares, the call, and a monitor each');
  t.ok(
    (busy?.memoryBytes ?? 0) > 2 * (readMemory(place.servers()[0]?.pid ?? 0) ?? Infinity),
    'much more than the server',
  );
  call.child.stdin?.end();
  t.match(await call.ended, { code: 0 });
  await waitFor('the count', async () => (await list())[0]?.running === 0);
  t.match(await list(), [{ state: 'idle', calls: 3, running: 0 }]);
});
