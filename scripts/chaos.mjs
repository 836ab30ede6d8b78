// Callers at once, while whoever takes part (client, setup, server, spare, monitor, executor, watcher) is killed, or stopped and continued.
//   npm run chaos -- [--seed N] [--calls N] [--callers N] [--node PATH]
// Each call appends its id to a file. Holds: no id twice; none missing where success was reported; every other end, but of a client that
// was killed itself, is one line and 127 or the script's own; nothing hangs 60 s; nothing is left 15 s after `prefork stop --all`. What is
// done to which call follows from the seed (chaos/plan.mjs); who is hit by it also from when it happens. Ends with 1 when something did not hold.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Blows } from './chaos/blows.mjs';
import { judgeCall, judgeIds } from './chaos/judge.mjs';
import { planCall } from './chaos/plan.mjs';
import { runCall } from './soak/call.mjs';
import { describeProcess, endProcess, processesOf } from './soak/processes.mjs';

/** How long everything may take to go after `stop --all`. */
const VANISHING_MS = 15_000;
/** After so many faults no further call is started. */
const MOST_FAULTS = 5;
const root = join(import.meta.dirname, '..');
const launcher = join(root, 'prebuilds', `linux-${process.arch}`, 'prefork-interp');
const script = join(root, 'test', 'fixtures', 'appends-its-id.mjs');
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    calls: { type: 'string', default: '5000' },
    callers: { type: 'string', default: '4' },
    node: { type: 'string', default: process.execPath },
  },
});
const [seed, calls, callers] = [values.seed, values.calls, values.callers].map(Number);
if (!existsSync(values.node)) {
  process.stderr.write(`chaos: no such Node: ${values.node}\n`);
  process.exit(2);
}

const place = mkdtempSync(join(tmpdir(), 'pf-chaos-'));
mkdirSync(join(place, 'bin'));
mkdirSync(join(place, 'run'), { mode: 0o700 });
symlinkSync(realpathSync(values.node), join(place, 'bin', 'node'));
const environment = {
  PATH: `${join(place, 'bin')}:${process.env.PATH}`,
  XDG_RUNTIME_DIR: join(place, 'run'),
  HOME: place,
};
const idFile = join(place, 'ids');

const clients = new Map();
const blows = new Blows(place, clients);
const succeeded = [];
const ends = {};
let faults = 0;
let started = 0;
const begin = performance.now();
await Promise.all(Array.from({ length: callers }, caller));
await blows.settled();
judgeIds(existsSync(idFile) ? readFileSync(idFile, 'utf8').trim().split('\n').map(Number) : [], succeeded).forEach(
  fault,
);
stopAll();
await waitForEnd();
report();
rmSync(place, { recursive: true, force: true });
process.exitCode = faults === 0 ? 0 : 1;

async function caller() {
  while (started < calls && faults < MOST_FAULTS) {
    const plan = planCall(seed, started++);
    await sleep(plan.pauseMs);
    const from = performance.now();
    if (plan.blow) blows.begin(plan);
    const ended = await call(plan);
    const wrong = judgeCall(plan, ended, blows.since(from));
    if (wrong) fault(tell(plan, ended, wrong, from));
    const own = ended.code === plan.status;
    if (own) succeeded.push(plan.number);
    const end = own ? `as told${ended.err ? ', with a line' : ''}` : `${ended.signal ?? ended.code}`;
    ends[end] = (ends[end] ?? 0) + 1;
  }
}

async function call({ number, workMs, status, fresh }) {
  const words = [fresh ? '-Uf' : '-U', 'node', script, idFile, `${number}`, `${workMs}`, `${status}`];
  let client;
  const ended = await runCall(launcher, words, environment, lookAtAll, (pid) => {
    client = pid;
    clients.set(pid, number);
  });
  clients.delete(client);
  return { ...ended, client };
}

function tell({ number, ...plan }, { client, seen, hung, ...ended }, wrong, from) {
  const since = (time) => (Number.isFinite(time) ? `${Math.round(time - from)} ms` : 'not yet');
  const done = blows.since(from).map(({ kind, pid, how, call, at, until }) => {
    const of = call === undefined ? '' : ` of call ${call}`;
    return `  ${since(at)}: ${kind} ${pid}${of} ${how}${how === 'stopped' ? `, continued: ${since(until)}` : ''}\n`;
  });
  const how = `${JSON.stringify(ended)}, planned: ${JSON.stringify(plan)}`;
  return `call ${number} (process ${client}) ${wrong} after ${since(performance.now())}: ${how}\n${done.join('')}${seen}`;
}

/** Where each process of the place stands. */
async function lookAtAll() {
  const descriptions = [];
  for (const one of processesOf(place)) descriptions.push(await describeProcess(one));
  return `${descriptions.join('\n')}\n`;
}

/** Status 1 says that there was no server to stop. */
function stopAll() {
  const args = [join(root, 'bin', 'prefork'), 'stop', '--all'];
  const { status, stderr } = spawnSync(process.execPath, args, { env: environment, encoding: 'utf8' });
  if (status !== 0 && stderr !== 'prefork: no server to stop\n')
    fault(`prefork stop --all ended with ${status}: ${stderr}`);
}

async function waitForEnd() {
  const end = performance.now() + VANISHING_MS;
  while (processesOf(place).length > 0 && performance.now() < end) await sleep(100);
  for (const one of processesOf(place)) {
    fault(`left over: ${await describeProcess(one)}`);
    endProcess(one);
  }
}

function report() {
  const log = join(place, '.local', 'state', 'prefork-interp-node', 'log');
  if (faults > 0 && existsSync(log)) say(`the log of the servers:\n${readFileSync(log, 'utf8')}`);
  const count = (table) => Object.entries(table).map(([name, number]) => `${name} ${number}`);
  say(`ends: ${count(ends).sort().join(', ')}`);
  say(`blows: ${count(blows.tally()).sort().join(', ')}`);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  say(`seed ${seed}: ${started} calls in ${seconds} s, ${faults} faults`);
  if (faults > 0) say(`again: npm run chaos -- --seed ${seed} --calls ${calls} --callers ${callers}`);
}

function say(text) {
  process.stdout.write(`chaos: ${text}\n`);
}

function fault(text) {
  faults++;
  say(`fault: ${text}`);
}
