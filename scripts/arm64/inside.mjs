// What is tried inside of the emulated machine (scripts/arm64.mjs): node inside.mjs FORKS. Ends with 0 when all of it is right.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const launcher = join(root, 'prebuilds', 'linux-arm64', 'prefork-interp');
const script = join(import.meta.dirname, 'ends.mjs');
/** An emulated processor is some fifty times slower. */
const env = {
  ...process.env,
  XDG_RUNTIME_DIR: '/tmp/run',
  PREFORK_INTERP_WAIT: '600',
  PREFORK_INTERP_SETUP_WAIT: '600',
};
mkdirSync(env.XDG_RUNTIME_DIR, { mode: 0o700 });

const words = ['exit=0', 'exit=7', 'exit=255', 'throw', 'echo', 'signal=SIGTERM', 'signal=SIGKILL', 'signal=SIGSEGV'];
let wrong = 0;
say(`node ${process.version}, ${process.arch}`);
check('the first call is forked', run(launcher, ['-U', 'node', script, 'forked']).stdout, 'true');
for (const word of words) {
  const plain = run(process.execPath, [script, word]);
  const called = run(launcher, ['-U', 'node', script, word]);
  for (const of of ['status', 'signal', 'stdout']) check(`${of} of ${word}`, called[of], plain[of]);
}
check('a signal that is sent to the launcher', await interrupt(), 'up got SIGTERM 3');
const explained = run(join(root, 'bin', 'prefork-interp'), ['-U', '--explain', 'node', script]);
check('bin/prefork-interp finds the launcher', explained.status, 0);
check('--kill', run(launcher, ['-U', '--kill', 'node', script]).status, 0);
say(`ends: ${wrong} wrong`);

const soak = [join(root, 'scripts', 'soak.mjs'), '--no-load', '--callers', '1', '--forks', process.argv[2] ?? '100'];
const soaked = spawnSync(process.execPath, soak, { env, stdio: 'inherit' });
check('soak', soaked.status, 0);
process.exitCode = wrong === 0 ? 0 : 1;

function run(program, args) {
  const { status, signal, stdout } = spawnSync(program, args, { env, input: 'typed', encoding: 'utf8' });
  return { status, signal, stdout };
}

async function interrupt() {
  const child = spawn(launcher, ['-U', 'node', script, 'wait'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text === 'up ') child.kill('SIGTERM');
  }
  if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  return `${text}${child.exitCode}`;
}

function check(what, found, expected) {
  if (found === expected) return;
  wrong++;
  say(`wrong: ${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

function say(text) {
  process.stdout.write(`arm64: ${text}\n`);
}
