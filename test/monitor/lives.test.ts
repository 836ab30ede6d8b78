/** Who outlives whom: client, monitor, executor, and what a script has started. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type LiveProcess, type Place, type Running, test, waitFor } from '../helpers/index.js';

test("after a client was killed its script's group gets SIGINT, 2 s later SIGTERM, 3 s later SIGKILL", async (t, place) => {
  const script = place.fixture('handles-signals.mjs');
  const calls = [0, 1, 2].map((number) => ({
    log: join(place.work, `log${number}`),
    running: place.start(['-U', 'node', script, 'ignore', `log${number}`]),
  }));
  // The first, whose executor was made for it, and two later ones; all at once, as it takes its time.
  await Promise.all(
    calls.map(async ({ running, log }) => {
      const { pid } = await executor(running);
      const killed = Date.now();
      running.child.kill('SIGKILL');
      await waitFor('the script to be killed', () => describe(pid) === undefined);
      const ended = Date.now();
      const lines = readFileSync(log, 'utf8').trim().split('\n');
      t.strictSame(
        lines.map((line) => line.split(' ')[0]),
        ['SIGINT', 'SIGTERM'],
      );
      const [int = 0, term = 0] = lines.map((line) => Number(line.split(' ')[1]));
      t.ok(int - killed < 1500, `SIGINT came at once (${int - killed} ms)`);
      t.ok(term - int > 1800, `SIGTERM after 2 s (${term - int} ms)`);
      t.ok(ended - term > 2800, `SIGKILL after 3 s more (${ended - term} ms)`);
    }),
  );
});

test('after a client was killed the group of its script goes, what left the group stays', async (t, place) => {
  const script = place.fixture('leaves-children.mjs');
  for (const call of ['first', 'second']) {
    const running = place.start(['-U', 'node', script, 'stay']);
    const { pid, monitor, children } = await executor(running);
    running.child.kill('SIGKILL');
    await waitFor('the script and its child to go', () => !alive(pid) && !alive(children[0]) && !alive(monitor));
    t.ok(alive(children[1]), `what was detached lives on, ${call} call`);
    end(children[1]);
  }
});

test('a stopped script goes too when its client was killed', async (t, place) => {
  const script = place.fixture('sleeps.mjs');
  const running = place.start(['-U', 'node', script]);
  const { pid, monitor } = await executor(running);
  process.kill(pid, 'SIGSTOP');
  await waitFor('it to stop', () => describe(pid)?.state === 'T');
  running.child.kill('SIGKILL');
  await waitFor('it to go', () => !alive(pid) && !alive(monitor));
  t.equal(place.servers().length, 1);
});

test('children that a finished script leaves behind live on', async (t, place) => {
  const script = place.fixture('leaves-children.mjs');
  for (const call of ['first', 'second']) {
    const running = place.start(['-U', 'node', script]);
    const { code } = await running.ended;
    const { pid, monitor, children } = await executor(running);
    t.equal(code, 0);
    await waitFor('script and monitor to go', () => !alive(pid) && !alive(monitor));
    t.ok(children.every(alive), `${call} call`);
    children.forEach(end);
  }
});

/**
 * The status comes from the executor itself, so the client may be gone before the monitor has looked. Memory that takes long to
 * give back keeps the executor's end of the monitor's socket open the while.
 */
test('a monitor that hears of status and leaving at once leaves the children alone', async (t, place) => {
  const script = place.write(
    'large.mjs',
    `import { spawn } from 'node:child_process';
     import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     const child = spawn('sleep', ['60'], { stdio: 'ignore' });
     child.unref();
     const kept = Array.from({ length: 600 }, () => Buffer.alloc(1 << 20, 1));
     console.log('pid', process.pid, process.ppid, 'children', child.pid);
     process.kill(process.ppid, 'SIGSTOP');
     process.exit(kept.length % 2);`,
  );
  const running = place.start(['-U', 'node', script]);
  const { code } = await running.ended;
  const { monitor, children } = await executor(running);
  process.kill(monitor, 'SIGCONT');
  t.equal(code, 0);
  await waitFor('the monitor to go', () => !alive(monitor));
  t.ok(children.every(alive));
  children.forEach(end);
});

test('a script whose monitor was killed goes with it, and is not run again', async (t, place) => {
  const script = place.write(
    'counts.mjs',
    `import { appendFileSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     appendFileSync('runs', 'run\\n');
     setInterval(() => {}, 1000);
     console.log('pid', process.pid, process.ppid);`,
  );
  for (const [index, call] of ['first', 'second'].entries()) {
    const running = place.start(['-U', 'node', script]);
    const { pid, monitor } = await executor(running);
    process.kill(monitor, 'SIGKILL');
    const { code, signal, stderr } = await running.ended;
    t.strictSame({ code, signal }, { code: 127, signal: null });
    t.match(stderr, /^prefork-interp: .*not run again\n$/, 'one line');
    await waitFor('the script to go', () => !alive(pid));
    t.equal(place.read('runs'), 'run\n'.repeat(index + 1), `${call} call`);
  }
  t.equal(place.servers().length, 1, 'the server goes on');
});

test('an executor that is killed shows as its signal', async (t, place) => {
  const script = place.fixture('sleeps.mjs');
  for (const call of ['first', 'second']) {
    const running = place.start(['-U', 'node', script]);
    process.kill((await executor(running)).pid, 'SIGKILL');
    const { code, signal, stderr } = await running.ended;
    t.strictSame({ code, signal, stderr }, { code: null, signal: 'SIGKILL', stderr: '' }, `${call} call`);
  }
});

test('a call in flight survives its server, is signalled and ends as ever', async (t, place) => {
  const script = place.fixture('handles-signals.mjs');
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const calls = [0, 1, 2].map(() => place.start(['-U', 'node', script]));
    for (const call of calls) await executor(call);
    const { pid } = await server(place);
    process.kill(pid, signal);
    await waitFor('server and spares to go', () => !alive(pid) && monitors(place).length === calls.length);
    calls[0]?.child.kill('SIGHUP');
    await waitFor('the signal', () => calls[0]?.stdout().includes('SIGHUP'));
    for (const call of calls) {
      call.child.kill('SIGTERM');
      t.match(await call.ended, { code: 42, stderr: '' });
    }
    await waitFor('monitors to go', () => monitors(place).length === 0);
  }
});

async function executor(running: Running): Promise<{ pid: number; monitor: number; children: number[] }> {
  const said = () => /pid (\d+) (\d+)(?: children ([\d ]+))?\n/.exec(running.stdout());
  const [, pid, monitor, children = ''] = await waitFor('the script to say its pid', said);
  return { pid: Number(pid), monitor: Number(monitor), children: children.split(' ').map(Number) };
}

function server(place: Place) {
  return waitFor('the server', () => place.servers()[0]);
}

function monitors(place: Place): LiveProcess[] {
  return place.processes().filter(({ command }) => command.startsWith('prefork-interp-monitor'));
}

function alive(pid = 0): boolean {
  return describe(pid) !== undefined;
}

function end(pid = 0): void {
  if (pid > 0) process.kill(pid, 'SIGKILL');
}
