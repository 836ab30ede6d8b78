/** bin/prefork as it is started by people: a process of its own waits, which nobody sees. */
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { logPath } from '../../dist/rundir/index.js';
import { type Place, paths, type Result, type RunOptions, test, waitFor } from '../helpers/index.js';

function byHand(place: Place, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return place.startProgram(join(paths.packageRoot, 'bin', 'prefork'), args, options).ended;
}

test('the command is answered by a waiting process, in every directory, which it neither lists nor logs', async (t, place) => {
  t.match(await byHand(place, ['ls', '--json']), { code: 0, stdout: '[]\n', stderr: '' });
  const [server] = await waitFor('its server', () => (place.ownServers().length > 0 ? place.ownServers() : undefined));
  t.match(server?.script, /dist\/cli\/main\.js$/);
  t.strictSame(place.servers(), []);
  for (const cwd of [place.work, '/', place.root])
    t.match(await byHand(place, ['ls'], { cwd }), { code: 0, stdout: /^IDENT .*SCRIPT\n$/, stderr: '' });
  t.match(place.ownServers(), [{ pid: server?.pid }]);
  await waitFor('the count', () => place.ownServers()[0]?.calls === 4);

  const script = place.fixture('print-arguments.mjs');
  await place.script(script, ['one']);
  t.match(JSON.parse((await byHand(place, ['ls', '--json'])).stdout), [{ script, calls: 1 }]);
  t.match(await byHand(place, ['why', 'none']), { code: 2, stdout: '', stderr: /^prefork: cannot read none/ });
  t.match(await byHand(place, ['lss']), { code: 2 });
  t.match(await byHand(place, ['logs']), { code: 0, stdout: /print-arguments\.mjs: the server starts\n$/, stderr: '' });
  t.notMatch((await byHand(place, ['logs'])).stdout, 'main.js');
  t.match(readFileSync(logPath(place.env) ?? '', 'utf8'), 'main.js: the server starts');
});

test('stop --all ends it without a word', async (t, place) => {
  await byHand(place, ['ls']);
  await waitFor('its server', () => place.ownServers().length === 1);
  t.match(await byHand(place, ['stop', '--all']), { code: 1, stdout: '', stderr: 'prefork: no server to stop\n' });
  await waitFor('all to go', () => place.processes().length === 0);
});

test('where it cannot be warm it runs all the same, without a line of the launcher', async (t, place) => {
  for (const env of [{ PREFORK_INTERP_DISABLE: '1' }, { LD_PRELOAD: '/nowhere.so' }])
    t.match(await byHand(place, ['ls', '--json'], { env, cwd: place.root }), { code: 0, stdout: '[]\n' });
  const { code, stderr } = await byHand(place, ['ls'], { env: { HOME: undefined, XDG_RUNTIME_DIR: undefined } });
  t.ok(code === 0 || code === 2);
  t.notMatch(stderr, 'prefork-interp: running');
});

for (const [name, link] of [
  ['node_modules/.bin', (place: Place) => join(place.work, 'node_modules', '.bin-prefork')],
  ['a folder of links', (place: Place) => join(place.root, 'bin', 'prefork')],
] as const) {
  test(`it is found through a link in ${name}`, async (t, place) => {
    symlinkSync(join(paths.packageRoot, 'bin', 'prefork'), link(place));
    t.match(await place.startProgram(link(place), ['--version']).ended, { code: 0, stdout: /^\d+\.\d+\.\d+\n$/ });
  });
}

test('a bin that is started with node, as Yarn 4 does', async (t, place) => {
  const words = [join(paths.packageRoot, 'bin', 'prefork'), 'ls', '--json'];
  t.match(await place.startProgram(process.execPath, words).ended, { code: 0, stdout: '[]\n', stderr: '' });
  t.strictSame(place.ownServers(), []);
});
