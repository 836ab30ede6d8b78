// Forks many times under load and looks for crashes and hangs.
//   npm run soak -- [--forks N] [--callers N] [--node PATH] [--seed N] [--no-load]
// Every call does a seeded choice of test/fixtures/features.mjs, one after the other or at once, and ends by process.exit or by having
// nothing left to do. Ends with 1 when a single call crashed, hung, or was not served by a fork, or when a process is left over.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { features } from '../test/fixtures/features.mjs';
import { runCall } from './soak/call.mjs';
import { generator } from './soak/generator.mjs';
import { describeProcess, endProcess, processesOf } from './soak/processes.mjs';

/** How long what belongs to a server may take to go after its end. */
const VANISHING_MS = 5_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const launcher = join(root, 'prebuilds', `linux-${process.arch}`, 'prefork-interp');
const script = join(root, 'test', 'fixtures', 'run-features.mjs');
const { values } = parseArgs({
  options: {
    forks: { type: 'string', default: '2000' },
    callers: { type: 'string', default: '3' },
    node: { type: 'string', default: process.execPath },
    seed: { type: 'string', default: '1' },
    'no-load': { type: 'boolean', default: false },
  },
});
const forks = Number(values.forks);
if (!existsSync(values.node)) {
  process.stderr.write(`soak: no such Node: ${values.node}\n`);
  process.exit(2);
}

const place = mkdtempSync(join(tmpdir(), 'pfi-soak-'));
mkdirSync(join(place, 'bin'));
mkdirSync(join(place, 'run'), { mode: 0o700 });
symlinkSync(realpathSync(values.node), join(place, 'bin', 'node'));
const environment = {
  PATH: `${join(place, 'bin')}:${process.env.PATH}`,
  XDG_RUNTIME_DIR: join(place, 'run'),
  HOME: place,
};

const result = { ok: 0, failed: 0, hung: 0, plain: 0 };
const names = Object.keys(features);
const random = generator(Number(values.seed));
let started = 0;
const begin = Date.now();
const load = values['no-load'] ? undefined : startLoad();
await Promise.all(Array.from({ length: Number(values.callers) }, caller));
load?.kill();
const killed = await call(['--kill', '-U', 'node', script]);
if (killed.code !== 0) say(`--kill ended with ${killed.code}: ${killed.err}`);
const left = await waitForEnd();
rmSync(place, { recursive: true, force: true });
const seconds = ((Date.now() - begin) / 1000).toFixed(1);
const { ok, failed, hung, plain } = result;
say(`${forks} forks in ${seconds} s: ${ok} ok, ${failed} failed, ${hung} hung, ${plain} not forked, ${left} left over`);
process.exitCode = ok === forks && left === 0 && killed.code === 0 ? 0 : 1;

function say(text) {
  process.stdout.write(`soak: ${text}\n`);
}

async function caller() {
  while (started < forks) {
    const number = started++;
    const chosen = Array.from({ length: 1 + (random() % 3) }, () => names[random() % names.length]);
    const manner = random() % 2 ? ['together'] : [];
    const code = random() % 2 ? random() % 99 : 0;
    const ended = await call(['-U', 'node', script, ...manner, ...(code ? [`exit=${code}`] : []), ...chosen]);
    const verdict = judge(ended, chosen, code);
    result[verdict]++;
    if (verdict === 'ok') continue;
    const how = ended.signal ?? `code ${ended.code} (${code} expected)`;
    say(
      `call ${number} ${verdict}: ${[...manner, ...chosen].join(' ')}: ${how}\n${ended.out}${ended.err}${ended.seen}`,
    );
  }
}

function judge(ended, chosen, code) {
  if (ended.hung) return 'hung';
  if (ended.err.includes('prefork-interp: running')) return 'plain';
  const whole = chosen.every((name) => ended.out.includes(`${name} works\n`));
  return ended.code === code && whole && ended.err === '' ? 'ok' : 'failed';
}

function call(words) {
  return runCall(launcher, words, environment, () => lookAtAll(words));
}

/** Where each process of the place stands: those of the call that hangs, the server, its spares, and other callers. */
async function lookAtAll(words) {
  const descriptions = [`hangs: ${words.join(' ')}`];
  for (const one of processesOf(place)) descriptions.push(await describeProcess(one));
  return `${descriptions.join('\n')}\n`;
}

/** Processor and memory are made scarce, within bounds; the process ends with this one. */
function startLoad() {
  const child = spawn(process.execPath, [join(root, 'scripts', 'soak', 'load.mjs')], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.once('exit', (code) => {
    if (code) say(`the load ended with ${code}`);
  });
  return child;
}

/** After --kill nothing may be there; what is, is described and ended. Returns how many. */
async function waitForEnd() {
  const end = Date.now() + VANISHING_MS;
  while (processesOf(place).length > 0 && Date.now() < end) await sleep(50);
  const remaining = processesOf(place);
  for (const one of remaining) {
    say(`left over: ${await describeProcess(one)}`);
    endProcess(one);
  }
  return remaining.length;
}
