// Forks many times under load and looks for crashes and hangs.
//   npm run soak -- [--forks N] [--callers N] [--node PATH] [--seed N]
// Every call does a seeded choice of test/fixtures/features.mjs. Ends with 1 when a single call crashed, hung or was not served by a fork.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { features } from '../test/fixtures/features.mjs';

const HANG_MS = 60_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const launcher = join(root, 'prebuilds', `linux-${process.arch}`, 'prefork-interp');
const { values } = parseArgs({
  options: {
    forks: { type: 'string', default: '2000' },
    callers: { type: 'string', default: '3' },
    node: { type: 'string', default: process.execPath },
    seed: { type: 'string', default: '1' },
  },
});
const forks = Number(values.forks);

const place = mkdtempSync(join(tmpdir(), 'pfi-soak-'));
mkdirSync(join(place, 'bin'));
mkdirSync(join(place, 'run'), { mode: 0o700 });
symlinkSync(values.node, join(place, 'bin', 'node'));
const environment = {
  PATH: `${join(place, 'bin')}:${process.env.PATH}`,
  XDG_RUNTIME_DIR: join(place, 'run'),
  HOME: place,
};
const script = join(root, 'test', 'fixtures', 'run-features.mjs');

const result = { ok: 0, failed: 0, hung: 0, plain: 0 };
const random = generator(Number(values.seed));
let started = 0;
const begin = Date.now();
await Promise.all(Array.from({ length: Number(values.callers) }, caller));
await call('--kill');
rmSync(place, { recursive: true, force: true });
const seconds = ((Date.now() - begin) / 1000).toFixed(1);
console.log(
  `soak: ${forks} forks in ${seconds} s: ${result.ok} ok, ${result.failed} failed, ${result.hung} hung, ${result.plain} not forked`,
);
process.exitCode = result.ok === forks ? 0 : 1;

async function caller() {
  const names = Object.keys(features);
  while (started < forks) {
    started++;
    const chosen = Array.from({ length: 1 + (random() % 3) }, () => names[random() % names.length]);
    const { code, signal, out, err, hung } = await call(...(random() % 2 ? ['together'] : []), ...chosen);
    const whole = chosen.every((name) => out.includes(`${name} works\n`));
    if (hung) result.hung++;
    else if (err.includes('prefork-interp:')) result.plain++;
    else if (code === 0 && whole) result.ok++;
    else result.failed++;
    if (hung || code !== 0 || !whole || err)
      console.log(`soak: ${chosen.join(' ')}: code ${code}, signal ${signal}, hung ${hung}\n${out}${err}`);
  }
}

/** Runs the launcher on the script, or with --kill on its server. */
function call(...args) {
  const words = args[0] === '--kill' ? ['--kill', '-U', 'node', script] : ['-U', 'node', script, ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(launcher, words, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    let hung = false;
    const limit = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL');
    }, HANG_MS);
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ code, signal, out, err, hung });
    });
  });
}

/** A small linear congruential generator: the same choices for the same seed. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
