/** Client and script stop and go on together, whichever of the two somebody stops or continues. */
import {
  describe,
  killProcess,
  type LiveProcess,
  type Place,
  paths,
  type Running,
  test,
  waitFor,
} from '../helpers/index.js';

const CALLS = ['first', 'second'];

/** Ends with 42 once it is told to, and says how often it was continued. */
const counts = `import { existsSync } from 'node:fs';
  const { initialisationComplete } = await import('prefork-interp');
  initialisationComplete();
  process.on('SIGCONT', () => console.log('continued'));
  console.log('pid ' + process.pid + ' ' + process.ppid);
  setInterval(() => { if (existsSync('go')) process.exit(42); }, 5);`;

interface Job {
  readonly running: Running;
  readonly client: number;
  readonly script: number;
}
type Who = 'client' | 'script' | 'group';
type Step = readonly [signal: NodeJS.Signals, to: Who];

/** What somebody does. */
const journeys: [name: string, steps: Step[]][] = [
  [
    'SIGSTOP, to the script',
    [
      ['SIGSTOP', 'script'],
      ['SIGCONT', 'script'],
    ],
  ],
  [
    'SIGTSTP, to the script',
    [
      ['SIGTSTP', 'script'],
      ['SIGCONT', 'script'],
    ],
  ],
  [
    'SIGTTIN, to the script',
    [
      ['SIGTTIN', 'script'],
      ['SIGCONT', 'script'],
    ],
  ],
  [
    'SIGTTOU, to the script',
    [
      ['SIGTTOU', 'script'],
      ['SIGCONT', 'script'],
    ],
  ],
  [
    "SIGSTOP, to the script's group",
    [
      ['SIGSTOP', 'group'],
      ['SIGCONT', 'group'],
    ],
  ],
  [
    'SIGSTOP to the script, SIGCONT to the client',
    [
      ['SIGSTOP', 'script'],
      ['SIGCONT', 'client'],
    ],
  ],
  [
    'SIGSTOP to the client, SIGCONT to the script',
    [
      ['SIGSTOP', 'client'],
      ['SIGCONT', 'script'],
    ],
  ],
  [
    'SIGSTOP to the client',
    [
      ['SIGSTOP', 'client'],
      ['SIGCONT', 'client'],
    ],
  ],
  [
    'SIGTSTP to the client, SIGCONT to the script',
    [
      ['SIGTSTP', 'client'],
      ['SIGCONT', 'script'],
    ],
  ],
];

for (const [name, steps] of journeys) {
  test(`stopped and continued: ${name}`, async (t, place) => {
    const script = place.write('counts.mjs', counts);
    for (const call of CALLS) {
      const job = await startJob(place, script);
      for (const [signal, to] of steps) {
        send(job, signal, to);
        const state = signal === 'SIGCONT' ? 'S' : 'T';
        await waitFor(`both to be ${state} after ${signal}, ${call} call`, () => isEach(job, state));
      }
      await waitFor('it to hear of that', () => job.running.stdout().includes('continued'));
      t.equal(await endOf(place, job), 42, `${call} call`);
      t.equal(job.running.stdout().split('continued').length - 1, 1, 'it hears of the SIGCONT, once');
    }
  });
}

test('stopped, continued and stopped again at once, it stays stopped, until it is continued', async (t, place) => {
  const script = place.write('counts.mjs', counts);
  for (const last of ['script', 'client'] as const) {
    const job = await startJob(place, script);
    for (const signal of ['SIGSTOP', 'SIGCONT', 'SIGSTOP'] as const) send(job, signal, 'script');
    await waitFor('both to stop', () => isEach(job, 'T'));
    send(job, 'SIGCONT', last);
    t.equal(await endOf(place, job), 42, `by its ${last}`);
  }
});

test('the client stopped by another when it is told to stop: one SIGCONT continues both', async (t, place) => {
  const job = await startJob(place, place.write('counts.mjs', counts));
  send(job, 'SIGSTOP', 'client');
  send(job, 'SIGSTOP', 'script');
  await waitFor('both to stop', () => isEach(job, 'T'));
  send(job, 'SIGCONT', 'client');
  t.equal(await endOf(place, job), 42);
});

for (const victim of ['script', 'client'] as const) {
  test(`both stopped by a signal to the ${victim}, and the script killed: the caller hears of it`, async (t, place) => {
    const script = place.write('counts.mjs', counts);
    for (const call of CALLS) {
      const job = await startJob(place, script);
      send(job, 'SIGSTOP', victim);
      await waitFor('both to stop', () => isEach(job, 'T'));
      send(job, 'SIGKILL', 'script');
      t.equal(await statusOf(job), 9, `${call} call`);
    }
  });
}

const SEED = 20261128;

test('stops and continues in any order end with both running, once they are continued', async (t, place) => {
  const script = place.write('counts.mjs', counts);
  const random = draws(SEED);
  const all: Step[] = (['SIGSTOP', 'SIGTSTP', 'SIGCONT', 'SIGCONT'] as const).flatMap((signal) =>
    (['client', 'script', 'group'] as const).map((to) => [signal, to] as const),
  );
  for (let turn = 0; turn < 12; turn++) {
    const job = await startJob(place, script);
    const steps = Array.from({ length: 2 + random(6) }, () => all[random(all.length)] as Step);
    for (const [signal, to] of steps) {
      send(job, signal, to);
      // At once, or as soon as others have run.
      if (random(2)) await new Promise((resolve) => setTimeout(resolve, random(15)));
    }
    send(job, 'SIGCONT', 'client');
    send(job, 'SIGCONT', 'script');
    t.equal(await endOf(place, job), 42, `${turn}: ${steps.map((step) => step.join(' to ')).join(', ')}`);
  }
});

/** A setup is the client's own child. */
const slow = `import { existsSync as is } from 'node:fs';
  console.error('setup ' + process.pid);
  while (!is('complete')) await new Promise((resolve) => setTimeout(resolve, 5));
  ${counts}`;

for (const by of ['script', 'client'] as const) {
  test(`a setup that is stopped stops the client, and SIGCONT to the ${by} continues both`, async (t, place) => {
    const job = await startSetup(place, place.write('slow.mjs', slow));
    for (const signal of ['SIGSTOP', 'SIGTSTP'] as const) {
      send(job, signal, 'script');
      await waitFor('both to stop', () => isEach(job, 'T'));
      send(job, 'SIGCONT', by);
      await waitFor('both to go on', () => isEach(job, 'S'));
    }
    t.strictSame(childrenOf(place, job.client).length, 2, 'nobody is left but setup and the watcher');
    place.write('complete', '');
    place.write('go', '');
    t.equal(await statusOf(job), 42 << 8);
  });
}

test('a setup killed while it stands still: the caller hears of it', async (t, place) => {
  const job = await startSetup(place, place.write('slow.mjs', slow));
  send(job, 'SIGSTOP', 'script');
  await waitFor('both to stop', () => isEach(job, 'T'));
  send(job, 'SIGKILL', 'script');
  t.equal(await statusOf(job), 9);
});

test('an unforked call that is stopped and continued goes on', async (t, place) => {
  const unforkable = `import { createServer } from 'node:net';
    await new Promise((resolve) => createServer().unref().listen('listens', resolve));
    ${counts}`;
  const job = await startJob(place, place.write('unforkable.mjs', unforkable));
  for (const to of ['script', 'client'] as const) {
    send(job, 'SIGSTOP', 'script');
    await waitFor('both to stop', () => isEach(job, 'T'));
    send(job, 'SIGCONT', to);
    await waitFor('both to go on', () => isEach(job, 'S'));
  }
  t.equal(await endOf(place, job), 42);
});

/** As a shell with job control does it: in a group that is not orphaned, since the kernel does not stop one that is. */
function startAsJob(place: Place, script: string): Running {
  const program = '$p = fork; if (!$p) { setpgrp; exec @ARGV } waitpid $p, 0; printf "status %d\n", $?';
  const command = ['/usr/bin/perl', ['-e', program, paths.launcher, '-U', 'node', script]] as const;
  return place.startProgram(...command, { detached: true });
}

async function startJob(place: Place, script: string): Promise<Job> {
  const running = startAsJob(place, script);
  const said = await waitFor('the script to say its pid', () => /pid (\d+)/.exec(running.stdout()));
  return { running, script: Number(said[1]), client: await clientOf(place, running) };
}

async function startSetup(place: Place, script: string): Promise<Job> {
  const running = startAsJob(place, script);
  const said = await waitFor('setup to say its pid', () => /setup (\d+)/.exec(running.stderr()));
  return { running, script: Number(said[1]), client: await clientOf(place, running) };
}

async function clientOf(place: Place, { pid }: Running): Promise<number> {
  return (await waitFor('the client', () => childrenOf(place, pid)[0])).pid;
}

function childrenOf(place: Place, pid: number): LiveProcess[] {
  return place.processes().filter(({ parent }) => parent === pid);
}

function send({ client, script }: Job, signal: NodeJS.Signals, to: Who): void {
  process.kill(to === 'client' ? client : to === 'script' ? script : -script, signal);
}

/** Whether both stand still (T), or neither does. */
function isEach({ client, script }: Job, state: 'T' | 'S'): boolean {
  return [client, script].every((pid) => {
    const found = describe(pid)?.state;
    return found !== undefined && (found === 'T') === (state === 'T');
  });
}

/** Has the script end. What the shell would hear: 42 where it has ended in order. */
async function endOf(place: Place, job: Job): Promise<number> {
  place.write('go', '');
  const status = await statusOf(job);
  await place.startProgram('rm', ['go']).ended;
  return status >> 8;
}

/** The wait status of the client. The script must not stay behind where there is none. */
async function statusOf({ running, script }: Job): Promise<number> {
  try {
    const said = await waitFor('the client to end', () => /status (\d+)/.exec(running.stdout()), 20_000);
    await running.ended;
    return Number(said[1]);
  } catch (error) {
    for (const pid of [script, running.pid]) {
      const left = describe(pid);
      if (left) killProcess(left);
    }
    throw error;
  }
}

/** Numbers below a limit, always the same ones (a linear congruential generator). */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
