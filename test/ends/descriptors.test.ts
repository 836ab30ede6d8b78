/** Nobody but client and executor holds a descriptor of the caller. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type LiveProcess, type Place, paths, type Running, test, waitFor } from '../helpers/index.js';

const { launcher } = paths;
const NAMES = ['in', 'out', 'err', 'extra'];

for (const call of ['first', 'second']) {
  test(`during the ${call} call only client and executor hold the caller's pipes, and nobody after it`, async (t, place) => {
    const script = place.fixture('waits.mjs');
    if (call === 'second') await place.script(script, [place.write('go', '')]);
    for (const name of NAMES) execFileSync('mkfifo', [join(place.root, name)]);
    const stdio = NAMES.map((name) => openSync(join(place.root, name), constants.O_RDWR | constants.O_NONBLOCK));
    try {
      const running = place.start(['-U', 'node', script, 'later'], { stdio });
      const executor = await executorOf(place, running, script);
      await allThere(place, running.pid, executor);
      for (const name of NAMES)
        t.strictSame(holders(place, join(place.root, name)), [running.pid, executor].sort(byNumber), name);
      place.write('later', '');
      t.match(await running.exited, { code: 0 });
      for (const name of NAMES) t.strictSame(holders(place, join(place.root, name)), [], `${name} afterwards`);
      t.equal(place.servers().length, 1);
    } finally {
      for (const descriptor of stdio) closeSync(descriptor);
    }
  });
}

test('the server of a first call on a terminal does not keep the terminal', async (t, place) => {
  const script = place.fixture('logs-early.mjs');
  const waits = place.fixture('waits.mjs');
  for (const call of ['first', 'second']) {
    const command = `tty; '${launcher}' -U node ${script}; test -t 1 && exec '${launcher}' -U node ${waits} later-${call}`;
    const running = place.startProgram('script', ['-qec', command, '/dev/null'], { env: { TERM: 'xterm' } });
    const terminal = await waitFor('the name of the terminal', () => /\/dev\/pts\/\d+/.exec(running.stdout())?.[0]);
    const executor = Number(await waitFor('the pid', () => /pid (\d+)/.exec(running.stdout())?.[1]));
    const client = place.processes().find(({ command }) => command.startsWith(launcher));
    t.ok(client, 'the client runs');
    await allThere(place, client?.pid ?? 0, executor);
    const others = holders(place, terminal).filter((pid) => pid !== running.pid);
    t.strictSame(others, [client?.pid ?? 0, executor].sort(byNumber), `${call} call`);
    place.write(`later-${call}`, '');
    const { stdout } = await running.ended;
    t.match(stdout, /^call\r$/m);
    t.strictSame(holders(place, terminal), [], `after the ${call} call`);
    t.equal(place.servers().length, 2);
  }
});

test("a script's own files stay, and what it opened at the caller's terminal or pipe is let go", async (t, place) => {
  const script = place.write(
    'opens.mjs',
    `import { openSync, readFileSync, readSync, fstatSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     const file = openSync('data', 'r');
     const again = openSync('/proc/self/fd/2', 'w');
     initialisationComplete();
     const buffer = Buffer.alloc(4);
     readSync(file, buffer, 0, 4, 0);
     console.log(buffer.toString(), fstatSync(again).isCharacterDevice());`,
  );
  place.write('data', 'data');
  const command = 'x=$("$@" 2>&1); echo "$x"';
  for (const call of ['first', 'second']) {
    const { stdout } = await place.startProgram('/bin/sh', ['-c', command, 'sh', launcher, '-U', 'node', script]).ended;
    t.equal(stdout, 'data true\n', `${call} call`);
  }
});

test('<(cmd), 3>file and 9<file arrive at their own numbers, and nothing else does', async (t, place) => {
  const script = place.write(
    'descriptors.mjs',
    `import { readdirSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     const [file] = process.argv.slice(2);
     if (file) console.log(readFileSync(file, 'utf8'));
     const open = readdirSync('/proc/self/fd').flatMap((fd) => {
       try {
         return [[fd, readlinkSync('/proc/self/fd/' + fd)]];
       } catch {
         return [];
       }
     });
     const given = open.filter(([, target]) => target.startsWith(process.cwd())).sort(([a], [b]) => a - b);
     for (const [fd, target] of given) console.log(fd, target);
     const placeholders = open.filter(([fd, target]) => fd > 2 && fd < 64 && target === '/dev/null');
     console.log('placeholders', placeholders.length > 1);
     if (given.some(([fd]) => fd === '3')) writeSync(3, 'written to 3');`,
  );
  place.write('nine', 'nine');
  const cases = [
    ['"$@" <(echo from a command)', /^from a command\n\nplaceholders false\n$/],
    ['"$@" 3>three; cat three', /^3 .*\/three\nplaceholders false\nwritten to 3$/],
    ['"$@" 9<nine', /^9 .*\/nine\nplaceholders false\n$/],
    ['"$@" 3>three 9<nine 40<nine 63<nine', /^3 .*\n9 .*\n40 .*\n63 .*\/nine\nplaceholders false\n$/],
    ['"$@"', /^placeholders false\n$/],
  ] as const;
  for (const [command, expected] of [...cases, ...cases]) {
    const args = ['-c', command, 'bash', launcher, '-U', 'node', script];
    const { stdout, stderr } = await place.startProgram('/bin/bash', args).ended;
    t.match(stdout, expected, command);
    t.equal(stderr, '');
  }
});

async function executorOf(place: Place, running: Running, script: string): Promise<number> {
  const isExecutor = ({ pid, parent, command }: LiveProcess) =>
    pid !== running.pid &&
    command.includes(script) &&
    !command.includes('prefork-interp') &&
    place.processes().some((one) => one.pid === parent && one.command.startsWith('prefork-interp-monitor')) &&
    holdersOf(pid, join(place.root, 'in'));
  return (await waitFor('the executor', () => place.processes().find(isExecutor))).pid;
}

/** Spares and watcher have been made, so that they can be looked at. */
async function allThere(place: Place, ...but: number[]): Promise<void> {
  await waitFor('spares and the watcher', () => {
    const others = place.processes().filter(({ pid }) => !but.includes(pid));
    const monitors = others.filter(({ command }) => command.startsWith('prefork-interp-monitor'));
    return monitors.length >= 3 && others.some(({ command }) => command.includes('watcher/main.js'));
  });
}

function holders(place: Place, path: string): number[] {
  return place
    .processes()
    .map(({ pid }) => pid)
    .filter((pid) => holdersOf(pid, path))
    .sort(byNumber);
}

function holdersOf(pid: number, path: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((name) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${name}`) === path;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

function byNumber(one: number, other: number): number {
  return one - other;
}
