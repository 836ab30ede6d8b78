/** Whether a warm call looks at the files that initialisation noted: its stat calls are counted with strace. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noting } from '../generated.mjs';
import { settledProcesses } from '../processes.mjs';

const MANY = 5000;
const CALLS = 5;
const COUNTED = 'trace=%%stat,%file';

/** The counts of client, server and spares together, for a script that noted many files and for one that noted none of them. */
export async function measureStaleness(place) {
  return { noted: MANY, many: await statsOf(place, noting(place, MANY)), few: await statsOf(place, noting(place, 0)) };
}

async function statsOf(place, script) {
  for (let call = 0; call < CALLS; call++) place.run(place.forked(script));
  const processes = (await settledProcesses(place)).filter(({ role }) => role !== 'watcher');
  const log = join(place.root, 'home', 'trace');
  const tracer = await attach(
    log,
    processes.map(({ pid }) => pid),
  );
  place.run(['/usr/bin/strace', '-o', `${log}-client`, '-e', COUNTED, ...place.forked(script)]);
  const ended = once(tracer, 'exit');
  tracer.kill('SIGINT');
  await ended;
  await place.endServers();
  const seen = [log, `${log}-client`].map((path) => readFileSync(path, 'utf8')).join('');
  // Different ones: a server may make one spare or two meanwhile.
  return new Set(seen.match(/^\w*(stat|access)\w*\([^{]*/gm)).size;
}

/** Processes that they fork are not followed: strace cannot let go of one that waits for its vfork. */
async function attach(log, pids) {
  const args = ['-o', log, '-e', COUNTED, ...pids.flatMap((pid) => ['-p', `${pid}`])];
  const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  for await (const chunk of tracer.stderr) {
    said += chunk;
    if (said.split(' attached').length > pids.length) {
      return tracer;
    }
  }
  throw new Error(`strace: ${said.trim()}`);
}
