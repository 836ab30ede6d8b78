/** The processes of one server and what they hold. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 500;
const QUIET_LOOKS = 3;
const SETTLING_MS = 60_000;

/** Waits until none has come or run for a while, then returns [{ role, pid }]. */
export async function settledProcesses(place) {
  const end = Date.now() + SETTLING_MS;
  let before = [];
  let moved = ['all'];
  for (let quiet = 0; quiet < QUIET_LOOKS; quiet = moved.length === 0 ? quiet + 1 : 0) {
    if (Date.now() > end) throw new Error(`the server does not come to rest: ${moved.join(', ')}`);
    await sleep(LOOK_MS);
    // The watcher may go on a while with what it has for syslog.
    const now = rolesOf(place).map(({ role, pid }) => `${role} ${pid}: ${role === 'watcher' ? '' : switches(pid)}`);
    moved = now.filter((one) => !before.includes(one));
    before = now;
  }
  return rolesOf(place);
}

/** Of the only server of the place. */
function rolesOf(place) {
  const [server] = place.servers();
  if (!server) throw new Error('there is no server');
  const all = place.processes();
  const monitors = all.filter(
    ({ parent, command }) => parent === server.pid && command.startsWith('prefork-interp-monitor'),
  );
  const role = ({ pid, parent, command }) => {
    if (pid === server.pid) return 'server';
    if (monitors.some((monitor) => monitor.pid === pid)) return 'monitor';
    if (monitors.some((monitor) => monitor.pid === parent)) return 'spare';
    return command.includes('/watcher/') ? 'watcher' : 'other';
  };
  return all.map((one) => ({ role: role(one), pid: one.pid }));
}

/** How often the threads of a process have left the processor: a sleeper that wakes up leaves it again. */
export function switches(pid) {
  let sum = 0;
  for (const thread of list(`/proc/${pid}/task`)) {
    const status = read(`/proc/${pid}/task/${thread}/status`);
    for (const [, count] of status.matchAll(/^(?:non)?voluntary_ctxt_switches:\s+(\d+)$/gm)) sum += Number(count);
  }
  return sum;
}

/** In megabytes of 2^20 bytes. */
export function memoryOf(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)[1]) / 1024;
  const privateDirty = field('Private_Dirty');
  return { rss: field('Rss'), pss: field('Pss'), privateDirty, private: privateDirty + field('Private_Clean') };
}

function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
