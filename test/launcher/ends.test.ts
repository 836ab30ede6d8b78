import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { type Place, paths, test, waitFor } from '../helpers/index.js';

/** SIGKILL and SIGABRT among them; those that stop a process or do nothing by default are no ends. */
const notEnds = ['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGCONT', 'SIGCHLD', 'SIGURG', 'SIGWINCH'];
const lastSignal = 64;

test('a warm call ends with each of the 256 codes, as the script did', async (t, place) => {
  const script = place.fixture('ends-as-told.mjs');
  await place.script(script);
  const loop = 'for code in $(seq 0 255); do "$0" -U node "$1" $code; echo $?; done';
  const { stdout, stderr } = await place.startProgram('/bin/sh', ['-c', loop, paths.launcher, script], {
    limitMs: 120_000,
  }).ended;
  t.equal(stderr, '');
  t.strictSame(
    stdout.trim().split('\n').map(Number),
    Array.from({ length: 256 }, (_, code) => code),
  );
  t.equal(place.servers().length, 1);
});

test('codes come through a first call and an unforked one as well', async (t, place) => {
  const script = place.fixture('ends-as-told.mjs');
  for (const code of [0, 1, 127, 255]) {
    t.match(await place.call(['-Uf', 'node', script, String(code)]), { code, signal: null, stderr: '' });
  }
  const unforked = place.write(
    'unforked.mjs',
    `import { createServer } from 'node:net';
    createServer().listen(0).unref();
    await import('./ends-as-told.mjs');`,
  );
  t.match(await place.script(unforked, ['77']), { code: 77, signal: null });
  t.match(await place.script(unforked, ['s15']), { code: null, signal: 'SIGTERM' });
});

test('a script that dies by a signal: waitpid sees of the launcher what it sees of the script', async (t, place) => {
  const script = place.fixture('ends-as-told.mjs');
  const status = compileStatus(place);
  await place.script(script);
  const numbers = Array.from({ length: lastSignal }, (_, index) => index + 1).filter(
    (number) => !notEnds.some((name) => constants.signals[name as NodeJS.Signals] === number),
  );
  let cores = 0;
  for (const number of numbers) {
    const end = `s${number}`;
    const [plain, warm] = await Promise.all([
      waited(place, status, ['node', script, end]),
      waited(place, status, [paths.launcher, '-U', 'node', script, end]),
    ]);
    if (plain.endsWith(' core')) cores++;
    t.equal(warm, plain.replace(' core', ''), `signal ${number}, without a core file of the launcher's own`);
  }
  t.comment(`${numbers.length} signals; a plain run left a core file for ${cores} of them`);
  t.equal(place.servers().length, 1);
});

test('no second core file: the one that may be is where the script was', async (t, place) => {
  const elsewhere = join(place.root, 'elsewhere');
  mkdirSync(elsewhere);
  const script = place.write(
    'aborts.mjs',
    `import { initialisationComplete } from 'prefork-interp';
    initialisationComplete();
    process.chdir(process.argv[2]);
    process.abort();`,
  );
  const status = compileStatus(place);
  for (const turn of ['cold', 'warm']) {
    t.equal(await waited(place, status, [paths.launcher, '-U', 'node', script, elsewhere]), 'signal 6', turn);
    t.notOk(
      readdirSync(place.work).some((name) => name.startsWith('core')),
      turn,
    );
  }
});

const ignored = ['SIGHUP', 'SIGINT', 'SIGPIPE', 'SIGTERM', 'SIGUSR2'] as const;

test('what the parent ignores is reset as Node resets it: in the script, and for the launcher', async (t, place) => {
  const script = place.write(
    'masks.mjs',
    `import { readFileSync } from 'node:fs';
    import { initialisationComplete } from 'prefork-interp';
    initialisationComplete();
    process.stdout.write(readFileSync('/proc/self/status', 'utf8').match(/^Sig(Blk|Ign):.*$/gm).join(' ') + '\\n');
    if (process.argv[2] === 'stay') process.stdin.resume();`,
  );
  const status = compileStatus(place);
  const options = ignored.flatMap((name) => ['-i', String(constants.signals[name])]);
  const plain = await place.startProgram('node', [script]).ended;
  t.match(plain.stdout, /SigBlk:\s+0{16} SigIgn:/);
  for (const command of [
    ['node', script],
    [paths.launcher, '-U', 'node', script],
    [paths.launcher, '-U', 'node', script],
  ]) {
    const stdio = ['ignore', 'pipe', 'pipe', 'pipe'] as const;
    const { stdout, stderr } = await place.startProgram(status, [...options, ...command], { stdio: [...stdio] }).ended;
    t.match({ stdout, stderr }, { stdout: plain.stdout, stderr: '' }, command.join(' '));
  }
  for (const name of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGUSR2'] as const) {
    const running = place.startProgram(
      '/bin/sh',
      ['-c', 'trap "" HUP INT TERM USR2; exec "$@"', 'sh', paths.launcher, '-U', 'node', script, 'stay'],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    await waitFor('the script to run', () => running.stdout().includes('\n'));
    process.kill(running.pid, name);
    t.match(await running.ended, { code: null, signal: name, stderr: '' }, name);
  }
});

/** The program that tells what waitpid said; Node itself has no word for signals without a name, and none for core files. */
function compileStatus(place: Place): string {
  const program = join(place.root, 'status');
  const source = join(paths.packageRoot, 'test', 'launcher', 'status.c');
  if (!existsSync(program)) execFileSync('cc', ['-std=gnu17', '-Wall', '-Werror', '-o', program, source]);
  return program;
}

/** Runs a command in the work folder and returns what waitpid says of it. */
async function waited(place: Place, status: string, command: readonly string[]): Promise<string> {
  const running = place.startProgram(status, command, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  const told = running.child.stdio[3];
  told?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const { code, stderr } = await running.ended;
  if (code !== 0 || chunks.length === 0) throw new Error(`${command.join(' ')}: ${code}, ${stderr}`);
  return Buffer.concat(chunks).toString();
}
