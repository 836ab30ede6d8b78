/** Starting a program as the launcher starts setup, under the observer, and reading what was noted. */
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, type Running, type RunOptions } from '../helpers/index.js';

/** native/shared/protocol.h describes the notes. */
const NOTES_SIZE = 8 << 20;
const MAGIC = 0x70666e31;
const HEADER_SIZE = 40;
const CLOSED_AT = 4;
const SIGNATURE_SIZE = 64;
/** Under this number the program has its notes. */
const NOTES_FD = 3;

export const kinds = {
  f: 'opened',
  s: 'asked',
  m: 'missing',
  w: 'written',
  e: 'variable',
  a: 'environment',
  n: 'names',
  d: 'directory',
  k: 'umask',
  t: 'terminal',
} as const;

export interface Note {
  readonly kind: (typeof kinds)[keyof typeof kinds];
  readonly name: string;
  /** Only whether it exists was asked. */
  readonly existence: boolean;
  readonly size: number;
}

export interface ObserveOptions extends RunOptions {
  /** What LD_PRELOAD says. */
  readonly preload?: string;
  /** The program becomes a child of the process that the launcher started. */
  readonly asChild?: boolean;
}

export class Observed {
  readonly running: Running;
  readonly #path: string;

  constructor(running: Running, path: string) {
    this.running = running;
    this.#path = path;
  }

  /** What the addon does when initialisation is complete. */
  close(): void {
    const fd = openSync(this.#path, 'r+');
    writeSync(fd, Uint32Array.of(1), 0, 4, CLOSED_AT);
    closeSync(fd);
  }

  /** All notes up to now, in their order. */
  notes(): Note[] {
    const fd = openSync(this.#path, 'r');
    const header = Buffer.alloc(HEADER_SIZE);
    readSync(fd, header, 0, HEADER_SIZE, 0);
    const records = Buffer.alloc(Math.min(header.readUInt32LE(8), NOTES_SIZE - HEADER_SIZE));
    readSync(fd, records, 0, records.length, HEADER_SIZE);
    closeSync(fd);
    return parse(records);
  }
}

let made = 0;

/**
 * Starts a program in a place, with the observer. The notes are in a file; the launcher's are in memory, for which the
 * observer knows no difference.
 */
export function observe(
  place: Place,
  program: string,
  args: readonly string[],
  options: ObserveOptions = {},
): Observed {
  const { preload = paths.observer, asChild = false, stdio = ['ignore', 'pipe', 'pipe'], ...others } = options;
  const path = join(place.root, `notes-${made++}`);
  const fd = openSync(path, 'w+');
  ftruncateSync(fd, NOTES_SIZE);
  writeSync(fd, Uint32Array.of(MAGIC), 0, 4, 0);
  const become = `export PREFORK_INTERP="v1,1.000000000,node1:$$ 5,6,7,8,${NOTES_FD}" LD_PRELOAD="$0"; `;
  const command = become + (asChild ? '"$@"; exit $?' : 'exec "$@"');
  const running = place.startProgram('sh', ['-c', command, preload, program, ...args], {
    ...others,
    stdio: [...(stdio as 'pipe'[]), fd],
  });
  closeSync(fd);
  return new Observed(running, path);
}

function parse(records: Buffer): Note[] {
  const notes: Note[] = [];
  for (let at = 0; at < records.length; ) {
    const letter = String.fromCharCode(records.readUInt8(at++));
    if (!Object.hasOwn(kinds, letter)) throw new Error(`a note of unknown kind ${JSON.stringify(letter)} at ${at}`);
    const signed = letter === 'f' || letter === 's';
    const existence = signed && (records.readUInt32LE(at + SIGNATURE_SIZE - 4) & 1) !== 0;
    const size = signed ? Number(records.readBigUInt64LE(at + 16)) : 0;
    if (signed) at += SIGNATURE_SIZE;
    const end = records.indexOf(0, at);
    notes.push({ kind: kinds[letter as keyof typeof kinds], name: records.toString('utf8', at, end), existence, size });
    at = end + 1;
  }
  return notes;
}
