/** `prefork logs`: what the servers and their helpers had to say. */
import { closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { here } from '../here.js';
import { logPath } from '../rundir/index.js';
import { defineCommand } from './command.js';
import { ExitCode, Failure } from './failure.js';
import { printable } from './printable.js';
import { realPath } from './real-path.js';

/** How often a file that is followed is looked at. */
const LOOK_MS = 200;

export const logsCommand = defineCommand({
  usage: 'logs [script]',
  describe: 'print what servers had to say: starts, reloads, ends, failures',
  options: (parser) =>
    parser
      .positional('script', { type: 'string', describe: 'only of this script' })
      .option('follow', { alias: 'f', type: 'boolean', default: false, describe: 'go on with what comes' })
      .option('lines', { alias: 'n', type: 'string', requiresArg: true, describe: 'only the last so many [all]' }),
  run: ({ follow, script, lines }) => printLog(follow, script, countOf(lines)),
});

function countOf(lines: string | string[] | undefined): number {
  const text = Array.isArray(lines) ? lines.at(-1) : lines;
  if (text === undefined) return Infinity;
  if (!/^\d{1,9}$/.test(text)) throw new Failure(`logs: not a number of lines: ${printable(text)}`);
  return Number(text);
}

/** Prints the lines, all or a script's, oldest first. With `follow` it goes on until it is ended, or nobody reads. */
async function printLog(follow: boolean, script: string | undefined, most: number): Promise<ExitCode> {
  const path = logPath();
  if (path === undefined) throw new Failure('cannot tell the log file: neither XDG_STATE_HOME nor HOME is set');
  const found: string[] = [];
  const isWanted = filter(script);
  const keep = (line: string) => {
    if (isWanted(line)) found.push(line);
    if (found.length > most) found.shift();
  };
  const before = Tail.open(`${path}.1`);
  before?.read(keep);
  before?.close();
  let tail = Tail.open(path);
  tail?.read(keep);
  if (script !== undefined && found.length === 0 && most > 0 && !existsSync(script))
    throw new Failure(`logs: there is no ${printable(script)}, and no line of it`, ExitCode.None);
  found.forEach(print);
  const printWanted = (line: string) => {
    if (isWanted(line)) print(line);
  };
  while (follow && process.stdout.writable) {
    await delay(LOOK_MS);
    tail?.read(printWanted);
    if (tail?.isAt(path)) continue;
    // Whoever had it open when it was renamed may have written a last line since.
    const next = Tail.open(path);
    tail?.read(printWanted);
    tail?.close();
    tail = next;
    tail?.read(printWanted);
  }
  tail?.close();
  return ExitCode.Done;
}

/** A line is `TIME PID SCRIPT: TEXT`. A script's path may hold a colon, so that the text decides nothing: the line must begin with it. */
function filter(script: string | undefined): (line: string) => boolean {
  const paths = script === undefined ? undefined : new Set([resolve(script), realPath(script)]);
  return (line) => {
    const rest = /^\S+ \d+ (.*)$/s.exec(line)?.[1];
    if (paths === undefined) return rest === undefined || !isOwn(rest);
    return [...paths].some((path) => rest?.startsWith(`${path}: `) === true);
  };
}

/** What the server of this command itself says is for those who ask for it. */
function isOwn(rest: string): boolean {
  const script = /^(.*?\/dist\/cli\/main\.js): /.exec(rest)?.[1];
  return script !== undefined && realPath(script) === join(here, 'cli', 'main.js');
}

function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** A file that grows. */
class Tail {
  readonly #descriptor: number;
  #rest = Buffer.alloc(0);

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** `undefined` when it is not there, or is no file. */
  static open(path: string): Tail | undefined {
    let descriptor: number;
    try {
      descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new Failure(`cannot read the log: ${(error as Error).message}`);
    }
    if (fstatSync(descriptor).isFile()) return new Tail(descriptor);
    closeSync(descriptor);
    return undefined;
  }

  /** Hands on the whole lines that have come since the last time. */
  read(take: (line: string) => void): void {
    const chunk = Buffer.alloc(64 * 1024);
    for (let size = -1; size !== 0; ) {
      size = readSync(this.#descriptor, chunk);
      this.#rest = Buffer.concat([this.#rest, chunk.subarray(0, size)]);
      for (let end = this.#rest.indexOf('\n'); end >= 0; end = this.#rest.indexOf('\n')) {
        take(this.#rest.subarray(0, end).toString());
        this.#rest = this.#rest.subarray(end + 1);
      }
    }
  }

  /** Whether the path still leads to it, and it has not been made anew. */
  isAt(path: string): boolean {
    const found = statSync(path, { throwIfNoEntry: false });
    const own = fstatSync(this.#descriptor);
    return found?.ino === own.ino && found.dev === own.dev;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
