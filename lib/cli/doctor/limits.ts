/** What the machine lets a user have. The launcher asks the same when it starts a server (native/launcher/shortage.c). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { broken, doubtful, type Finding, fine } from './finding.js';

/** What a server and its watcher take. */
const INSTANCES_OF_SERVER = 2;
const TASKS_OF_SERVER = 30;
const FILES_OF_SERVER = 1024;
const MEMORY_OF_SERVER = 128 << 20;
/** So many servers should fit in. */
const SERVERS = 4;

/** A server needs an inotify instance, and its watcher another. */
export function checkInotify(): Finding {
  const most = readNumber('/proc/sys/fs/inotify/max_user_instances');
  if (most === undefined) return doubtful('inotify', 'the kernel does not tell its limits', '');
  const used = countInstances();
  const found = `${used} of ${most} instances are in use`;
  const remedy = 'raise fs.inotify.max_user_instances with sysctl (1024, say)';
  if (most - used < INSTANCES_OF_SERVER) return broken('inotify', found, remedy);
  return most - used < SERVERS * INSTANCES_OF_SERVER ? doubtful('inotify', found, remedy) : fine('inotify', found);
}

/** Those of this user, as far as they may be looked at. */
function countInstances(): number {
  const links = userProcesses().flatMap((pid) =>
    attempt(() => readdirSync(`/proc/${pid}/fd`), []).map((fd) =>
      attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`), ''),
    ),
  );
  return links.filter((link) => link === 'anon_inode:inotify').length;
}

/** Processes and threads: of the user (RLIMIT_NPROC), and of the control group. */
export function checkProcesses(): Finding {
  const limit = Number(
    /^Max processes\s+(\d+)/m.exec(attempt(() => readFileSync('/proc/self/limits', 'utf8'), ''))?.[1],
  );
  const tasks = userProcesses().reduce(
    (sum, pid) => sum + attempt(() => readdirSync(`/proc/${pid}/task`).length, 0),
    0,
  );
  const left = Number.isNaN(limit) || process.geteuid?.() === 0 ? Infinity : limit - tasks;
  const group = groupTasksLeft();
  const least = Math.min(left, group);
  const found = least === Infinity ? `${tasks} tasks, no limit` : `${tasks} tasks, room for ${Math.max(0, least)} more`;
  const remedy = group < left ? 'raise pids.max of the control group' : 'raise the limit of processes (ulimit -u)';
  if (least < TASKS_OF_SERVER) return broken('processes', found, remedy);
  return least < SERVERS * TASKS_OF_SERVER ? doubtful('processes', found, remedy) : fine('processes', found);
}

/** In the control group and those above it, in the unified hierarchy. */
function groupTasksLeft(): number {
  let group = /^0::(\/.*)$/m.exec(attempt(() => readFileSync('/proc/self/cgroup', 'utf8'), ''))?.[1];
  let least = Infinity;
  for (; group !== undefined && group !== '' && group !== '/'; group = group.slice(0, group.lastIndexOf('/'))) {
    const most = readNumber(`/sys/fs/cgroup${group}/pids.max`);
    const used = readNumber(`/sys/fs/cgroup${group}/pids.current`);
    if (most !== undefined && used !== undefined) least = Math.min(least, most - used);
  }
  return least;
}

/** The limit of open files of a process. */
export function checkDescriptors(): Finding {
  const limit = Number(
    /^Max open files\s+(\d+)/m.exec(attempt(() => readFileSync('/proc/self/limits', 'utf8'), ''))?.[1],
  );
  const [allocated, , most] = attempt(() => readFileSync('/proc/sys/fs/file-nr', 'utf8'), '')
    .trim()
    .split(/\s+/)
    .map(Number);
  const left = most === undefined || allocated === undefined ? Infinity : most - allocated;
  if (limit < FILES_OF_SERVER / 4)
    return broken('open files', `${limit} a process`, 'raise the limit of open files (ulimit -n) to 1024');
  if (left < FILES_OF_SERVER)
    return broken('open files', `${left} left on this machine`, 'raise fs.file-max with sysctl');
  return fine('open files', `${limit} a process`);
}

/** A server of a middling script with its spares takes 60 to 120 MB. */
export function checkMemory(): Finding {
  const text = attempt(() => readFileSync('/proc/meminfo', 'utf8'), '');
  const available = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1]) * 1024;
  const found = `${Math.round(available / (1 << 20))} MB available`;
  if (Number.isNaN(available)) return doubtful('memory', 'the kernel does not tell', '');
  if (available < MEMORY_OF_SERVER) return broken('memory', found, 'free some');
  return available < SERVERS * MEMORY_OF_SERVER ? doubtful('memory', found, 'free some') : fine('memory', found);
}

function userProcesses(): number[] {
  const own = process.geteuid?.();
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && ownerOf(pid) === own);
}

function ownerOf(pid: number): number | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/status`, 'utf8'), '');
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(text)?.[1];
  return uid === undefined ? undefined : Number(uid);
}

function readNumber(path: string): number | undefined {
  const text = attempt(() => readFileSync(path, 'utf8').trim(), '');
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** What is looked at may be gone, or be somebody else's. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
