import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type Place, type Running, test, waitFor } from '../helpers/index.js';
import { gone, initialisations, launcherLines, theServer, told } from '../launcher/tell.js';

const plainLine = /^prefork-interp: running \S+ plainly: /;

test('a stopped server: its spares still serve, then the script runs plainly, with a line', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  await place.script(script);
  const server = theServer(place);
  await spares(place, 2);
  process.kill(server.pid, 'SIGSTOP');
  for (const spare of [1, 2]) t.match(told(await place.script(script)), { served: true }, `spare ${spare}`);
  for (const call of [1, 2]) {
    const result = await place.script(script, ['a']);
    t.match(told(result), { served: false, argv: { 2: 'a' } }, `call ${call}`);
    t.equal(
      result.stderr,
      `prefork-interp: running ${script} plainly: its server (process ${server.pid}) is stopped\n`,
    );
  }
  process.kill(server.pid, 'SIGCONT');
  const result = await place.script(script);
  t.match(told(result), { served: true }, 'continued, it serves again');
  t.equal(result.stderr, '');
  t.equal(theServer(place).pid, server.pid);
  t.equal(initialisations(place), 3, 'once for the server, and twice plainly');
});

test('a call that waits for a stopped server is served when that goes on', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  await place.script(script);
  const server = theServer(place);
  await spares(place, 2);
  process.kill(server.pid, 'SIGSTOP');
  await Promise.all([place.script(script), place.script(script)]);
  const waiting = place.start(['-U', 'node', script]);
  setTimeout(() => process.kill(server.pid, 'SIGCONT'), 100);
  t.match(told(await waiting.ended), { served: true });
});

test('-f and --kill get past a stopped server', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  for (const option of ['-f', '--kill']) {
    await place.script(script);
    const server = theServer(place);
    process.kill(server.pid, 'SIGSTOP');
    const result = await place.call([option, '-U', 'node', script]);
    t.match(result, { code: 0, stderr: '' }, option);
    if (option === '-f') t.match(told(result), { served: true });
    t.match(told(await place.script(script)), { served: true }, `${option}, the call after it`);
    process.kill(server.pid, 'SIGCONT');
    await gone(server);
  }
});

/** Setups that never end; in a plain run they do. */
const endless: [name: string, body: string][] = [
  ['waits', 'await new Promise((resolve) => setTimeout(resolve, 1e9));'],
  ['is busy', 'for (;;);'],
  [
    'does not end on SIGTERM',
    "process.on('SIGTERM', () => {}); await new Promise((resolve) => setTimeout(resolve, 1e9));",
  ],
  ['stands in a native call', "(await import('node:child_process')).spawnSync('sleep', ['1000']);"],
];
for (const [name, body] of endless) {
  test(`a setup that ${name} for ever is ended, and the script runs plainly, with a line`, async (t, place) => {
    const script = place.write(
      'endless.mjs',
      `if (process.env.PREFORK_INTERP) { ${body} }
      console.log('plain', process.argv[2]);`,
    );
    const result = await place.script(script, ['a'], { env: { PREFORK_INTERP_SETUP_WAIT: '1' } });
    t.match(result, { code: 0, stdout: 'plain a\n' });
    t.match(
      result.stderr,
      /^\S+ running \S+ plainly: its initialisation was not complete within 1 s, and was ended\n$/,
    );
    t.strictSame(place.sockets(), []);
    for (const { pid, command } of place.processes()) {
      if (command.startsWith('sleep ')) process.kill(pid, 'SIGKILL');
    }
  });
}

test('while a setup takes its time, other calls wait for it no longer than they want', async (t, place) => {
  const script = place.write(
    'slow.mjs',
    `import { existsSync, readdirSync, readlinkSync } from 'node:fs';
    if (process.env.PREFORK_INTERP) while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 5));
    const { initialisationComplete } = await import('prefork-interp');
    console.log(initialisationComplete());`,
  );
  const first = place.start(['-U', 'node', script]);
  await waitFor('its socket', () => place.sockets().length === 1);
  const hasty = await place.script(script, [], { env: { PREFORK_INTERP_WAIT: '1' } });
  t.match(hasty, { code: 0, stdout: 'false\n', stderr: plainLine });
  t.equal(launcherLines(hasty.stderr).length, 1);
  const patient = place.start(['-U', 'node', script]);
  const fresh = place.start(['-Uf', 'node', script], { env: { PREFORK_INTERP_WAIT: '1' } });
  t.match(await fresh.ended, {
    code: 0,
    stdout: 'false\n',
    stderr: /another call has been starting its server for too long/,
  });
  const kill = await place.call(['--kill', '-U', 'node', script], { env: { PREFORK_INTERP_WAIT: '1' } });
  t.match(kill, { code: 127, stderr: /^prefork-interp: cannot lock [^\n]*\n$/ });
  place.write('go', '');
  t.match(await first.ended, { code: 0, stdout: 'true\n', stderr: '' });
  t.match(await patient.ended, { code: 0, stdout: 'true\n', stderr: '' });
});

test('a lock that somebody holds for ever: the script runs plainly, with a line, and --kill says so', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  await place.script(script);
  await place.call(['--kill', '-U', 'node', script]);
  const holder = await hold(place, 'held');
  const env = { PREFORK_INTERP_WAIT: '1' };
  for (const option of ['-U', '-Uf']) {
    const result = await place.call([option, '-g', 'held', 'node', script, 'a'], { env });
    t.match(told(result), { served: false, argv: { 2: 'a' } });
    t.match(
      result.stderr,
      /^[^\n]* plainly: cannot lock \S*lheld: another call has been starting its server for too long\n$/,
    );
  }
  const kill = await place.call(['-U', '--kill', '-g', 'held', 'node', script], { env });
  t.match(kill, { code: 127, stdout: '', stderr: /^prefork-interp: cannot lock \S*lheld: [^\n]*\n$/ });
  holder.child.stdin?.end();
  await holder.ended;
  t.match(told(await place.call(['-U', '-g', 'held', 'node', script])), { served: true });
});

test('a lock whose file was removed while it was waited for locks nothing', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  await place.call(['--kill', '-U', '-g', 'x', 'node', script]);
  await place.script(script);
  const holder = await hold(place, 'held');
  const call = place.start(['-U', '-g', 'held', 'node', script]);
  await waitFor('the call to wait', () => waits(call));
  await place.startProgram('rm', [join(place.runDirectory, 'lheld')]).ended;
  const second = await place.call(['-U', '-g', 'held', 'node', script]);
  t.match(told(second), { served: true }, 'who comes now has a new lock');
  holder.child.stdin?.end();
  t.match(told(await call.ended), { served: true });
  t.equal(place.servers().filter(({ ident }) => ident === 'held').length, 1, 'and there is one server');
  await holder.ended;
});

/** Waits until so many spares stand by: they are forked from the server, after the running calls. */
function spares(place: Place, count: number): Promise<unknown> {
  const server = theServer(place);
  const monitors = () => place.processes().filter(({ parent }) => parent === server.pid);
  return waitFor('spares', () => monitors().length === count && monitors().every(({ pid }) => describe(pid)));
}

/** Takes a lock until its standard input ends. */
async function hold(place: Place, ident: string): Promise<Running> {
  const path = join(place.runDirectory, `l${ident}`);
  const holder = place.startProgram('flock', [path, 'sh', '-c', 'echo held; read line'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  await waitFor('the lock', () => holder.stdout().includes('held') && existsSync(path));
  return holder;
}

/** A lock that is held is asked for again and again, with a pause in between. */
function waits(call: Running): boolean {
  try {
    return readFileSync(`/proc/${call.pid}/wchan`, 'utf8').includes('nanosleep');
  } catch {
    return false;
  }
}
