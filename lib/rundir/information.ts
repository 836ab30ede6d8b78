/** What a server says of itself, in the file beside its socket. */
import { isAbsolute } from 'node:path';
import { entryPath } from './names.js';
import { readSmallFile } from './small-file.js';

/** The content of an information file. */
export interface Information {
  /** The server's process, which counts only together with its start time: numbers are used again. */
  readonly pid: number;
  /** Field 22 of /proc/PID/stat. */
  readonly startTime: number;
  readonly script: string;
  readonly interpreter: string;
  readonly nodeVersion: string;
  /** When it became a server. */
  readonly since: Date;
  readonly cwd: string;
  /** What its ident is made of, a line each; nothing where it was given. */
  readonly parts: readonly string[];
  /** How many files its initialisation looked at. */
  readonly files: number;
  /** How many calls it has served, with those that run. */
  readonly calls: number;
  /** How many calls ran when it last wrote. */
  readonly running: number;
}

const VERSION = 1;
const LARGEST = 64 * 1024;

/** Reads the information file of a server; `undefined` when there is none, or none that makes sense. */
export function readInformation(directory: string, ident: string): Information | undefined {
  const text = readSmallFile(entryPath(directory, 'information', ident), LARGEST);
  return text === undefined ? undefined : parseInformation(text);
}

/** Reads the text of an information file: facts as JSON, then a line of counts that its server writes over; `undefined` when a part is missing or is not what it should be. */
export function parseInformation(text: string): Information | undefined {
  const [facts = '', counts = ''] = text.split('\n');
  const [, calls, running] = /^(\d{1,15}) (\d{1,15})$/.exec(counts)?.map(Number) ?? [];
  let value: unknown;
  try {
    value = JSON.parse(facts);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    version,
    pid,
    startTime,
    script,
    interpreter,
    nodeVersion,
    since,
    cwd,
    parts = [],
    files = 0,
  } = value as Record<string, unknown>;
  if (version !== VERSION || !isNatural(pid) || pid === 0 || !isNatural(startTime)) return undefined;
  if (!isPath(script) || !isPath(interpreter) || !isPath(cwd)) return undefined;
  if (typeof nodeVersion !== 'string' || typeof since !== 'string') return undefined;
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string') || !isNatural(files)) return undefined;
  const date = new Date(since);
  if (Number.isNaN(date.getTime())) return undefined;
  return {
    pid,
    startTime,
    script,
    interpreter,
    nodeVersion,
    since: date,
    cwd,
    parts,
    files,
    calls: calls ?? 0,
    running: running ?? 0,
  };
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && isAbsolute(value) && !value.includes('\0');
}
