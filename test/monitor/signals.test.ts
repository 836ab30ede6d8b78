/** Signals reach the script, and what they do to it shows in the client. */
import { constants } from 'node:os';
import {
  describe,
  interfering,
  killProcess,
  type Place,
  paths,
  type Running,
  test,
  waitFor,
  whyNoTracing,
} from '../helpers/index.js';

const { launcher } = paths;
const CALLS = ['first', 'second'];

test('a signal to the client runs the handler in the script', async (t, place) => {
  const script = place.fixture('handles-signals.mjs');
  for (const call of CALLS) {
    const running = place.start(['-U', 'node', script]);
    await executor(running);
    const expected = [];
    for (const name of ['SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGWINCH', 'SIGIO', 'SIGQUIT'] as const) {
      running.child.kill(name);
      expected.push(name);
      await waitFor(`${name} in the ${call} call`, () => running.stdout().includes(`${name}\n`));
    }
    running.child.kill('SIGTERM');
    const { code, stdout } = await running.ended;
    t.strictSame(stdout.split('\n').slice(1, -1), [...expected, 'SIGTERM'], `${call} call`);
    t.equal(code, 42);
  }
});

for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGALRM', 'SIGXCPU'] as const) {
  test(`${name}, which the script does not handle, ends both`, async (t, place) => {
    const script = place.fixture('sleeps.mjs');
    for (const call of CALLS) {
      const running = place.start(['-U', 'node', script]);
      const { pid } = await executor(running);
      running.child.kill(name);
      const { code, signal } = await running.ended;
      t.strictSame({ code, signal }, { code: null, signal: name }, `${call} call`);
      await waitFor('the script to go', () => describe(pid) === undefined);
      t.equal(place.servers().length, 1, 'the server has not been meant');
    }
  });
}

test('a real-time signal arrives as what it is', async (t, place) => {
  const script = place.fixture('sleeps.mjs');
  const running = place.startProgram('/bin/sh', ['-c', '"$0" "$@"; echo $?', ...command(script)]);
  const { pid } = await executor(running);
  const client = (await waitFor('the client', () => clientOf(place, running))).pid;
  await place.startProgram('/bin/kill', ['-40', String(client)]).ended;
  t.match((await running.ended).stdout, /\n168\n$/);
  t.equal(describe(pid), undefined);
});

test('the client stops and continues with the script, the script with the client', async (t, place) => {
  const script = place.fixture('handles-signals.mjs');
  for (const call of CALLS) {
    const running = startAsJob(place, script);
    const { pid } = await executor(running);
    const client = (await waitFor('the client', () => clientOf(place, running))).pid;
    const both = (state: string) => () => [pid, client].every((one) => describe(one)?.state === state);
    for (const [name, to] of [
      ['SIGTSTP', client],
      ['SIGSTOP', pid],
      ['SIGTTIN', client],
      ['SIGTSTP', pid],
    ] as const) {
      process.kill(to, name);
      await waitFor(`both to stop after ${name}, ${call} call`, both('T'));
      process.kill(client, 'SIGCONT');
      await waitFor(`both to go on after ${name}, ${call} call`, both('S'));
    }
    process.kill(client, 'SIGTERM');
    t.match((await running.ended).stdout, /SIGTERM\nstatus 42\n$/, `${call} call`);
  }
});

test('a script that is stopped takes what was sent meanwhile when it goes on', async (t, place) => {
  const script = place.fixture('handles-signals.mjs');
  const running = startAsJob(place, script);
  const { pid } = await executor(running);
  const client = (await waitFor('the client', () => clientOf(place, running))).pid;
  process.kill(client, 'SIGTSTP');
  await waitFor('both to stop', () => [pid, client].every((one) => describe(one)?.state === 'T'));
  process.kill(client, 'SIGHUP');
  process.kill(client, 'SIGCONT');
  await waitFor('the signal', () => running.stdout().includes('SIGHUP\n'));
  process.kill(client, 'SIGTERM');
  t.match((await running.ended).stdout, /SIGHUP\nSIGTERM\nstatus 42\n$/);
});

/** The first call's executor does not wait for its monitor: here strace stops each that becomes one. */
test(
  'a script that stops before its monitor looks stops the client',
  async (t, place) => {
    const script = place.fixture('stops-itself.mjs');
    const running = startAsJob(place, script, interfering('execveat', 'signal=SIGSTOP'));
    const { pid, monitor } = await executor(running);
    // A short number is followed by more spaces.
    const hasStopped = (who: number, by: string) =>
      new RegExp(`^${who} +--- stopped by ${by}`, 'm').test(place.read('trace'));
    await waitFor('it to stop', () => hasStopped(pid, 'SIGTSTP'));
    process.kill(monitor, 'SIGCONT');
    const client = (await waitFor('the client', () => clientOf(place, running))).pid;
    // Traced, it is in state t when it has stopped.
    await waitFor('the client to stop', () => /[Tt]/.test(describe(client)?.state ?? ''));
    process.kill(client, 'SIGCONT');
    await waitFor('the end', () => /\ncontinued\nstatus 0\n$/.test(running.stdout()));
    // Then all that is traced goes, and strace with it.
    place.servers().forEach(killProcess);
    await waitFor('the server to go', () => place.servers().length === 0);
    for (const { pid, command } of place.processes())
      if (command.startsWith('prefork-interp-monitor ')) process.kill(pid, 'SIGCONT');
    await running.ended;
    t.ok(hasStopped(monitor, 'SIGSTOP'));
  },
  { skip: whyNoTracing() },
);

test('what a terminal sends reaches the script once, and its children', async (t, place) => {
  const script = place.write(
    'interrupted.mjs',
    `import { spawn } from 'node:child_process';
     import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     process.on('SIGINT', () => console.log('script interrupted'));
     const child = spawn('sh', ['-c', "trap 'echo child interrupted; exit 3' INT; echo ready; while :; do sleep 0.05; done"], {
       stdio: ['ignore', 'inherit', 'inherit'],
     });
     child.on('exit', (code) => {
       console.log('child ended with ' + code);
       setTimeout(() => process.exit(5), 50);
     });`,
  );
  for (const call of CALLS) {
    const running = place.startProgram('script', ['-qec', `exec ${command(script).join(' ')}`, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { TERM: 'xterm' },
    });
    await waitFor('the child', () => running.stdout().includes('ready'));
    running.child.stdin?.write('\x03');
    const { code, stdout } = await running.ended;
    const lines = stdout.replace('^C', '').split(/\r?\n/).filter(Boolean).sort();
    t.strictSame(lines, ['child ended with 3', 'child interrupted', 'ready', 'script interrupted'], `${call} call`);
    t.equal(code, 5);
  }
});

test('every signal number that ends a script ends the client likewise', async (t, place) => {
  const script = place.write(
    'kills-itself.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     process.kill(process.pid, Number(process.argv[2]));
     setTimeout(() => {}, 60_000);`,
  );
  const fatal = [
    'SIGHUP',
    'SIGINT',
    'SIGILL',
    'SIGTRAP',
    'SIGBUS',
    'SIGFPE',
    'SIGKILL',
    'SIGSEGV',
    'SIGVTALRM',
    'SIGSYS',
  ] as const;
  for (const name of fatal) {
    const { code, signal } = await place.script(script, [String(constants.signals[name])]);
    t.strictSame({ code, signal }, { code: null, signal: name });
  }
});

/** As a shell with job control does it: in a group that is not orphaned, since the kernel does not stop one that is. */
function startAsJob(place: Place, script: string, under: readonly string[] = []): Running {
  const program = '$p = fork; if (!$p) { setpgrp; exec @ARGV } waitpid $p, 0; printf "status %d\\n", $? >> 8';
  return place.startProgram('/usr/bin/perl', ['-e', program, ...under, ...command(script)], { detached: true });
}

function command(script: string): string[] {
  return [launcher, '-U', 'node', script];
}

async function executor(running: Running): Promise<{ pid: number; monitor: number }> {
  const [, pid, monitor] = await waitFor('the script to say its pid', () => /pid (\d+) (\d+)/.exec(running.stdout()));
  return { pid: Number(pid), monitor: Number(monitor) };
}

/** What an earlier launcher has forked to become the watcher goes by the same name, until it is needed. */
function clientOf(place: Place, { pid }: Running) {
  return place.processes().find(({ command, parent }) => parent === pid && command.startsWith(`${launcher} -U`));
}
