/** What /proc tells of a process. */
import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for another that was given the same number later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat. */
  readonly startTime: number;
}

/** Whether this process, and no later one of the same number, is there and not a zombie. */
export function isAlive(identity: ProcessIdentity): boolean {
  const found = readStat(identity.pid);
  return found !== undefined && found.startTime === identity.startTime && found.state !== 'Z' && found.state !== 'X';
}

/** What /proc/PID/stat tells of a process; `undefined` when there is none. */
export interface Stat {
  /** The name of its program, or of its main thread: at most 15 characters. */
  readonly name: string;
  /** A letter: R, S, T and so on. */
  readonly state: string;
  readonly parent: number;
  readonly startTime: number;
}

export function readStat(pid: number): Stat | undefined {
  const text = readProc(pid, 'stat');
  if (text === undefined) return undefined;
  // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  return {
    name: text.slice(text.indexOf('(') + 1, end),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    startTime: Number(fields[19]),
  };
}

/**
 * The memory of a process in bytes: its own pages and its share of those that others have too, so that a server and its
 * forks do not count the same page twice. `undefined` when the kernel does not tell.
 */
export function readMemory(pid: number): number | undefined {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readProc(pid, 'smaps_rollup') ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
