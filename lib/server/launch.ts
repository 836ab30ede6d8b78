/** What the launcher says in PREFORK_INTERP (docs/protocol.md). */
import { fstatSync } from 'node:fs';
import process from 'node:process';

export interface Launch {
  /** Modification time of the socket: seconds, nanoseconds. */
  since: [number, number];
  /** The launcher is ours and speaks the extension. */
  extended: boolean;
  listener: number;
  firstCall: number;
  watcherIn: number;
  watcherError: number;
  /** The observer's notes, or -1. */
  notes: number;
  /** The script, and how many words are Node's own before it: a script may put something else in their place. */
  script: string;
  interpreterArguments: number;
}

/** Returns nothing where the variable was meant for another process, or is of a version unknown here. */
export function parseLaunch(variable: string): Launch | undefined {
  const [first = '', second = ''] = variable.split(' ');
  const [version, time = '', ...items] = first.split(',');
  if (version !== 'v1') return undefined;
  const extension = items.find((item) => item.startsWith('node1:'));
  if (extension !== undefined && Number(extension.slice('node1:'.length)) !== process.pid) return undefined;
  const descriptors = second.split(',').map(Number);
  const [listener = -1, firstCall = -1, watcherIn = -1, watcherError = -1, notes = -1] = descriptors;
  if (!isSocket(listener) || !isSocket(firstCall)) return undefined;
  const extended = extension !== undefined;
  return {
    since: parseTime(time),
    extended,
    listener,
    firstCall,
    watcherIn,
    watcherError,
    notes: extended ? notes : -1,
    script: process.argv[1] ?? '',
    interpreterArguments: process.execArgv.length,
  };
}

function parseTime(time: string): [number, number] {
  const [seconds = '0', nanoseconds = '0'] = time.split('.');
  return [Number(seconds), Number(nanoseconds)];
}

function isSocket(descriptor: number): boolean {
  try {
    return Number.isInteger(descriptor) && fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}
