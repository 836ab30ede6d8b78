/** Which processes belong to a test: those of its environment, in its folder, or with files of it, and their children. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The kernel's flag of its own threads, which are most of what /proc lists and belong to nobody. */
const PF_KTHREAD = 0x200000;

export interface LiveProcess {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  readonly state: string;
  readonly startTime: number;
  /** The arguments, joined by spaces. */
  readonly command: string;
}

/** The live processes (no zombies) that belong to the folder of a test, this process itself left out. */
export function processesOf(folder: string): LiveProcess[] {
  const all = liveProcesses().filter(({ pid }) => pid !== process.pid);
  const ours = new Set(all.filter(({ pid }) => belongsTo(pid, folder)).map(({ pid }) => pid));
  for (let before = -1; before !== ours.size; ) {
    before = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  return all.filter(({ pid }) => ours.has(pid));
}

/** Sends SIGKILL to a process, unless its number has come to mean another. */
export function killProcess({ pid, startTime }: Pick<LiveProcess, 'pid' | 'startTime'>): void {
  if (describe(pid)?.startTime !== startTime) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** What /proc tells of a process; undefined when it is gone, a zombie, or a thread of the kernel. */
export function describe(pid: number): LiveProcess | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0] ?? '';
  if (state === 'Z' || state === 'X' || (Number(fields[6]) & PF_KTHREAD) !== 0) return undefined;
  const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()) ?? '';
  const [parent, session, startTime] = [fields[1], fields[3], fields[19]].map(Number) as [number, number, number];
  return { pid, parent, session, state, startTime, command };
}

/** The path of a listening socket that a process has. */
export function listeningSocketOf(pid: number): string | undefined {
  const links = filesOf(pid).flatMap((name) => attempt(() => readlinkSync(`/proc/${pid}/${name}`)) ?? []);
  for (const line of (attempt(() => readFileSync(`/proc/${pid}/net/unix`, 'utf8')) ?? '').split('\n')) {
    // Address, references, protocol, flags (10000: it listens), type, state, inode, path.
    const [, , , flags, , , inode = '', path] = line.trim().split(/\s+/);
    if (flags === '00010000' && links.includes(`socket:[${inode}]`)) return path;
  }
  return undefined;
}

function liveProcesses(): LiveProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => describe(Number(name)) ?? []);
}

function belongsTo(pid: number, folder: string): boolean {
  const environment = attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8')) ?? '';
  if (environment.includes(`XDG_RUNTIME_DIR=${folder}/`)) return true;
  // A monitor whose server is gone has neither: its script stands in its arguments. Programs that a test has started to talk with are its own to end.
  const [program = '', ...words] = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0') ?? [];
  if (program.endsWith('prefork-interp-monitor') && words.some((word) => word.startsWith(`${folder}/`))) return true;
  return ['cwd', ...filesOf(pid)].some((name) => {
    const target = attempt(() => readlinkSync(`/proc/${pid}/${name}`));
    return target === folder || target?.startsWith(`${folder}/`) === true;
  });
}

/** Its descriptors, as links in its folder of /proc. */
function filesOf(pid: number): string[] {
  return (attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []).map((name) => `fd/${name}`);
}

/** A process may go while it is looked at. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
