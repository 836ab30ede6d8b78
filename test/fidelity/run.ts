/** One run of a script: its end, its output and the files it left. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { launcher, packageRoot } from '../helpers/paths.js';
import type { Place } from '../helpers/place.js';
import type { Arrangement } from './arrangements.js';
import type { Script } from './scripts.js';

export interface Outcome {
  /** Exit status or signal, and how the descriptors were left: run.c's lines. */
  readonly end: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly files: string;
}

export type Way = 'plain' | 'warm';

/** Only a hang may take so long. */
const LIMIT_S = 100;

/** Compiles the runner. */
export function buildRunner(program: string): void {
  const source = join(packageRoot, 'test', 'fidelity', 'run.c');
  execFileSync('cc', ['-std=gnu17', '-D_GNU_SOURCE', '-O1', '-Wall', '-Wextra', '-Werror', '-o', program, source]);
}

/** Runs a script in the place's folder for work, which is empty before and after. */
export async function run(
  runner: string,
  place: Place,
  script: Script,
  way: Way,
  [stdin, stdout, stderr]: Arrangement,
): Promise<Outcome> {
  const { settings } = script;
  const input = join(place.root, 'input');
  const work = join(place.root, 'cwd');
  mkdirSync(work, { recursive: true });
  writeFileSync(input, settings.input ?? lines(settings.lines ?? 3));
  const how = [LIMIT_S, settings.reader ?? 'eager', settings.when ?? 'start', signalNumber(settings.signal)].map(
    String,
  );
  const command = [...(way === 'warm' ? [launcher, '-U'] : []), 'node', ...(settings.node ?? []), script.path];
  const words = [
    ...how,
    input,
    join(place.root, 'output'),
    stdin,
    stdout,
    stderr,
    ...command,
    ...(settings.args ?? []),
  ];
  const child = spawn(runner, words, {
    cwd: work,
    env: environment(place, settings.env ?? {}),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`the runner of ${script.name} ended with ${signal ?? code}`);
  const files = listFiles(work);
  for (const name of readdirSync(work)) rmSync(join(work, name), { recursive: true });
  return { ...parse(Buffer.concat(chunks)), files };
}

/** Lines of eight bytes. */
function lines(count: number): string {
  return Array.from({ length: count }, (_, i) => `${String(i).padStart(7, '0')}\n`).join('');
}

function signalNumber(name: NodeJS.Signals | undefined): number {
  return name ? constants.signals[name] : 0;
}

function environment(place: Place, changes: Readonly<Record<string, string | null>>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...place.env, TERM: 'xterm-256color' };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete env[name];
    else env[name] = value;
  }
  return env;
}

/** The lines of run.c, then the two streams. */
function parse(bytes: Buffer): Omit<Outcome, 'files'> {
  const streams: string[] = [];
  let end = '';
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf('\n', at);
    const line = bytes.toString('latin1', at, newline);
    at = newline + 1;
    const size = /^stream \d (\d+)$/.exec(line)?.[1];
    if (size === undefined) {
      end += `${line}\n`;
      continue;
    }
    // Each byte is a character, so that no two outputs come to look the same.
    streams.push(bytes.toString('latin1', at, at + Number(size)));
    at += Number(size) + 1;
  }
  const [stdout, stderr] = streams;
  if (stdout === undefined || stderr === undefined) throw new Error(`the runner said ${bytes.toString('latin1')}`);
  return { end, stdout, stderr };
}

/** A line a file: its path, kind, mode and content. */
function listFiles(directory: string): string {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => `${name} ${describeFile(join(directory, name))}\n`).join('');
}

function describeFile(path: string): string {
  const stat = lstatSync(path);
  const mode = stat.mode.toString(8);
  if (stat.isFile()) return `${mode} ${JSON.stringify(readFileSync(path, 'latin1'))}`;
  return stat.isSymbolicLink() ? `${mode} ${readlinkSync(path)}` : mode;
}
