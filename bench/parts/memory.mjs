/** Memory of an idle server's processes, beside a plain Node that has loaded the same and waits. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf, settledProcesses } from '../processes.mjs';

const CALLS = 5;
const PLAIN_SETTLING_MS = 3000;

/** With a copy of Node's program, as other processes of the same file, this bench among them, would share its pages and so lower each PSS. */
export async function measureMemory(place, { short }) {
  place.useCopyOfNode();
  const hello = readFileSync(place.file('hello.mjs'), 'utf8');
  place.write('one-spare.mjs', hello.replace('Complete()', 'Complete({ spares: 1 })'));
  const oneSpare = await memoryOfScript(place, 'one-spare.mjs');
  if (short) return { oneSpare };
  return {
    oneSpare,
    hello: await memoryOfScript(place, 'hello.mjs'),
    eslint: await memoryOfScript(place, 'eslint-warm.mjs', place.file('small.js')),
  };
}

/** By role, the middle one where there are several; `together` is the sum of the PSS of server, spares and monitors, which share pages with the watcher. */
export async function memoryOfScript(place, script, ...args) {
  await place.endServers();
  const plain = await memoryOfPlain(place, script);
  for (let call = 0; call < CALLS; call++) place.run(place.forked(script, ...args));
  const processes = (await settledProcesses(place)).map(({ role, pid }) => ({ role, ...memoryOf(pid) }));
  await place.endServers();
  const of = (wanted) => processes.filter(({ role }) => role === wanted);
  const one = (wanted) => {
    const { role, ...figures } = of(wanted)[0] ?? {};
    return role && figures;
  };
  const sum = (...roles) => roles.flatMap(of).reduce((all, { pss }) => all + pss, 0);
  return {
    plain,
    server: one('server'),
    spare: one('spare'),
    monitor: one('monitor'),
    watcher: one('watcher'),
    spares: of('spare').length,
    together: { pss: sum('server', 'spare', 'monitor') },
    withWatcher: { pss: sum('server', 'spare', 'monitor', 'watcher') },
  };
}

/** The part of the script that a server keeps, then a wait. */
async function memoryOfPlain(place, script) {
  const [kept] = readFileSync(place.file(script), 'utf8').split(/^initialisationComplete\(/m);
  const waiting = place.write('waiting.mjs', `${kept}\nprocess.stdin.resume();\n`);
  const child = spawn(place.node, [waiting], { cwd: place.work, env: place.env, stdio: ['pipe', 'ignore', 'inherit'] });
  await sleep(PLAIN_SETTLING_MS);
  const memory = memoryOf(child.pid);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.end();
  await ended;
  return memory;
}
