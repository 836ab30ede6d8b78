import { describe, killProcess, type LiveProcess, type Place, type Running, test, waitFor } from '../helpers/index.js';
import { gone, initialisations, launcherLines, theServer, told } from '../launcher/tell.js';

const streams = { stdio: ['pipe', 'pipe', 'pipe'] as ['pipe', 'pipe', 'pipe'] };

/** Its initialisation takes until the file `go` is there. */
const slow = `import { existsSync, appendFileSync } from 'node:fs';
  appendFileSync(new URL('initialised', import.meta.url), 'x\\n');
  if (process.env.PREFORK_INTERP) while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 5));
  const { initialisationComplete } = await import('prefork-interp');
  const served = initialisationComplete();
  process.stdout.write(JSON.stringify({ served, argv: process.argv, pid: process.pid }));`;

test('setup killed: the caller ends likewise, with a line, nothing is run again, and the next call is served', async (t, place) => {
  const script = place.write('slow.mjs', slow);
  const call = place.start(['-U', 'node', script]);
  const setup = await childOf(place, call, 'slow.mjs');
  killProcess(setup);
  const result = await call.ended;
  t.match(result, { code: null, signal: 'SIGKILL', stdout: '' });
  t.match(result.stderr, /^prefork-interp: \S*slow\.mjs was ended by signal 9 [^\n]*it is not run again\n$/);
  t.equal(initialisations(place), 1);
  t.strictSame(place.sockets(), []);
  place.write('go', '');
  t.match(told(await place.script(script)), { served: true });
});

test('setup killed while others wait for it: one of them starts a server, and all are answered', async (t, place) => {
  const script = place.write('slow.mjs', slow);
  const first = place.start(['-U', 'node', script]);
  const setup = await childOf(place, first, 'slow.mjs');
  const others = Array.from({ length: 5 }, (_, index) => place.start(['-U', 'node', script, String(index)]));
  place.write('go', '');
  killProcess(setup);
  await first.ended;
  for (const [index, other] of others.entries()) {
    const result = await other.ended;
    t.match(told(result), { served: true, argv: { 2: String(index) } });
    t.equal(result.stderr, '');
  }
  t.equal(place.servers().length, 1);
});

test('a server killed while it is idle costs no call, and its spares and its watcher go', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  for (let turn = 1; turn <= 5; turn++) {
    const result = await place.script(script);
    t.match(told(result), { served: true });
    t.equal(result.stderr, '');
    t.equal(initialisations(place), turn);
    const left = place.processes();
    killProcess(theServer(place));
    for (const one of left) await gone(one);
  }
});

test('servers killed while calls come: no call is lost, and none runs twice', async (t, place) => {
  const script = place.write(
    'counts.mjs',
    `import { appendFileSync } from 'node:fs';
    import { initialisationComplete } from 'prefork-interp';
    initialisationComplete();
    appendFileSync(new URL('calls', import.meta.url), process.argv[2] + '\\n');`,
  );
  const failed = [];
  for (let index = 0; index < 40; index += 2) {
    // Those that have answered before: until then the caller's script is what is killed.
    const servers = place.servers();
    setTimeout(() => servers.forEach(killProcess), index);
    const calls = [place.script(script, [String(index)]), place.script(script, [String(index + 1)])];
    for (const { code, signal, stderr } of await Promise.all(calls)) {
      if (code !== 0 || signal || stderr) failed.push({ code, signal, stderr });
    }
  }
  t.strictSame(failed, []);
  const numbers = place
    .read('calls')
    .trim()
    .split('\n')
    .map(Number)
    .sort((a, b) => a - b);
  t.strictSame(
    numbers,
    Array.from({ length: 40 }, (_, index) => index),
  );
});

test('a server killed during a call: the call goes on to its own end, and signals still reach it', async (t, place) => {
  const script = place.fixture('runs-until-told.mjs');
  for (const turn of ['first', 'warm']) {
    if (turn === 'warm') {
      const before = place.start(['-U', 'node', script], streams);
      before.child.stdin?.end('x');
      await before.ended;
    }
    const call = await running(place, script);
    const server = theServer(place);
    killProcess(server);
    await gone(server);
    call.child.stdin?.end('x');
    t.match(await call.ended, { code: 5, stderr: '' }, turn);
  }
  const call = await running(place, script);
  killProcess(theServer(place));
  process.kill(call.pid, 'SIGTERM');
  t.match(await call.ended, { code: null, signal: 'SIGTERM', stderr: '' });
});

test('a monitor killed during a call: one line, 127, and the script does not live on', async (t, place) => {
  const script = place.fixture('runs-until-told.mjs');
  const call = await running(place, script);
  const executor = executorOf(call);
  killProcess(describe(executor.parent) as LiveProcess);
  const result = await call.ended;
  t.match(result, { code: 127, stderr: /^prefork-interp: lost the executor of [^\n]*it is not run again\n$/ });
  await gone(executor);
});

test('an executor killed during a call: the caller ends by the same signal', async (t, place) => {
  const call = await running(place, place.fixture('runs-until-told.mjs'));
  killProcess(executorOf(call));
  t.match(await call.ended, { code: null, signal: 'SIGKILL', stderr: '' });
});

test('spares and monitors killed while they wait are made anew, at no cost to a call', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  await place.script(script);
  const server = theServer(place);
  for (const kind of ['monitor', 'executor']) {
    const isMonitor = (one: LiveProcess) =>
      one.parent === server.pid && one.command.startsWith('prefork-interp-monitor');
    const monitors = await waitFor('spares', () => {
      const found = place.processes().filter(isMonitor);
      return found.length === 2 && found;
    });
    const pids = monitors.map(({ pid }) => pid);
    const executors = place.processes().filter(({ parent }) => pids.includes(parent));
    const victims = kind === 'monitor' ? monitors : executors;
    t.equal(victims.length, 2);
    for (const victim of victims) killProcess(victim);
    // One that takes the call as it dies has it run plainly, with a line.
    for (const executor of executors) await gone(executor);
    const result = await place.script(script);
    t.match(told(result), { served: true }, kind);
    t.equal(result.stderr, '');
    t.equal(theServer(place).pid, server.pid);
  }
  t.equal(initialisations(place), 1);
});

test('a watcher killed: the server goes, since nobody would tell it of its socket, and the next call is served', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  await place.script(script);
  const server = theServer(place);
  const watcher = await waitFor('the watcher', () =>
    place.processes().find(({ command }) => command.includes('watcher/main.js')),
  );
  killProcess(watcher);
  await gone(server);
  t.match(told(await place.script(script)), { served: true });
});

test('a client killed during initialisation: nothing lives on for ever, and the next call is served', async (t, place) => {
  const script = place.write('slow.mjs', slow);
  for (const end of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
    const before = initialisations(place);
    const call = place.start(['-U', 'node', script]);
    const setup = await childOf(place, call, 'slow.mjs', before);
    process.kill(call.pid, end);
    const result = await call.ended;
    t.match(result, { code: null, signal: end, stdout: '', stderr: '' });
    await gone(setup);
    await waitFor('all to go', () => place.processes().length === 0);
  }
  place.write('go', '');
  const result = await place.script(script);
  t.match(told(result), { served: true });
  t.equal(result.stderr, '');
});

test('a client killed while it waits for another: the other is served', async (t, place) => {
  const script = place.write('slow.mjs', slow);
  const first = place.start(['-U', 'node', script]);
  await childOf(place, first, 'slow.mjs');
  const waiting = place.start(['-U', 'node', script]);
  const fresh = place.start(['-Uf', 'node', script]);
  await waitFor('both to run', () => [waiting, fresh].every(({ pid }) => describe(pid)?.command.includes('slow.mjs')));
  for (const { pid } of [waiting, fresh]) process.kill(pid, 'SIGKILL');
  for (const { exited } of [waiting, fresh]) t.match(await exited, { signal: 'SIGKILL' });
  place.write('go', '');
  t.match(told(await first.ended), { served: true });
  t.match(told(await place.script(script)), { served: true });
});

/** The executor of the second is deaf to all that can be ignored. */
for (const [name, deafness] of [
  ['', ''],
  [', which ignores signals', "for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});"],
] as const) {
  test(`a client killed during the call: the script${name} ends, and so does what it started`, async (t, place) => {
    const script = place.write(
      'stays.mjs',
      `import { spawn } from 'node:child_process';
      import { initialisationComplete } from 'prefork-interp';
      const served = initialisationComplete();
      ${deafness}
      spawn('sleep', ['1000'], { stdio: 'ignore' });
      if (process.argv[2] === 'end') process.exit(served ? 0 : 1);
      process.stdout.write('running ' + process.pid);`,
    );
    for (const turn of ['first', 'warm']) {
      const call = place.start(['-U', 'node', script]);
      await waitFor('the script to run', () => call.stdout().includes('running'));
      const server = theServer(place);
      const executor = executorOf(call);
      const child = await waitFor('its child', () => place.processes().find(({ parent }) => parent === executor.pid));
      process.kill(call.pid, 'SIGKILL');
      for (const one of [executor, child, describe(executor.parent)]) if (one) await gone(one);
      t.equal(theServer(place).pid, server.pid, `${turn}: its server stays`);
    }
  });
}

async function running(place: Place, script: string): Promise<Running> {
  const call = place.start(['-U', 'node', script], streams);
  await waitFor('the script to run', () => call.stdout().includes('running'));
  return call;
}

/** The process of the script, which has said `running PID`. */
function executorOf(call: Running): LiveProcess {
  const executor = describe(Number(/running (\d+)/.exec(call.stdout())?.[1]));
  if (!executor) throw new Error(`no executor: ${call.stdout()}, ${launcherLines(call.stderr()).join()}`);
  return executor;
}

/** Waits for setup: the child of a client that runs the script, far enough to have been initialised. */
/** `before`: how many initialisations there had been before the call was started. */
function childOf(place: Place, call: Running, script: string, before = 0): Promise<LiveProcess> {
  return waitFor('setup', () =>
    place
      .processes()
      .find(
        ({ parent, command }) =>
          parent === call.pid &&
          command.startsWith('node ') &&
          command.includes(script) &&
          initialisations(place) > before,
      ),
  );
}
