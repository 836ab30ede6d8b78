/** What `prefork install` puts where, and the record of it by which it is taken away again. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { packageRoot } from '../here.js';
import { Failure } from './failure.js';
import { findLauncher } from './launcher.js';

/** The launcher, below a prefix. */
export const LAUNCHER = 'bin/prefork-interp';
/** The folder of all else. The launcher looks for it beside its own folder (native/launcher/package.c). */
export const FOLDER = 'lib/prefork-interp';
const RECORD = `${FOLDER}/installed.json`;

/** A file to be installed. */
export interface Target {
  /** Below the prefix. */
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** What was installed: the SHA-256 of each file, by its path below the prefix. */
export interface Installation {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The option of install and uninstall. Given more than once, the last counts, as with most programs. */
export const PREFIX_OPTION = {
  type: 'string',
  coerce: (value: string | string[]) => (Array.isArray(value) ? value.at(-1) : value),
  describe: 'the launcher goes to its bin/ [/usr/local for root, else ~/.local]',
} as const;

/** `--prefix`, else /usr/local for root and ~/.local for others. */
export function choosePrefix(given: string | undefined): string {
  if (given === '') throw new Failure('--prefix needs a directory');
  if (given !== undefined) return resolve(given);
  if (process.geteuid?.() === 0) return '/usr/local';
  const home = homedir();
  if (!home.startsWith('/')) throw new Failure('cannot tell the home directory: give --prefix');
  return join(home, '.local');
}

/** The files to install from this package. Throws a Failure when it has no launcher for this machine. */
export function listTargets(): Target[] {
  const machine = `linux-${process.arch}`;
  const prebuilds = join(packageRoot, 'prebuilds');
  const launcher = findLauncher();
  const observers = readdirSync(prebuilds)
    .filter((name) => name === machine || name === `${machine}-musl`)
    .map((name) => join(name, 'observer.so'))
    .filter((name) => exists(join(prebuilds, name)));
  const targets: Target[] = observers.map((name) => ({
    path: `${FOLDER}/prebuilds/${name}`,
    content: readFileSync(join(prebuilds, name)),
    mode: 0o644,
  }));
  if (mayBePointedTo(packageRoot))
    targets.push({ path: `${FOLDER}/package`, content: Buffer.from(`${packageRoot}\n`), mode: 0o644 });
  // The launcher comes last: once it is there, it finds all that it looks for.
  targets.push({ path: LAUNCHER, content: readFileSync(launcher), mode: 0o755 });
  return targets;
}

/** Reads the record below a prefix; undefined when there is none that can be understood. */
export function readRecord(prefix: string): Installation | undefined {
  try {
    const { version, files } = JSON.parse(readFileSync(recordPath(prefix), 'utf8')) as Partial<Installation>;
    if (typeof version !== 'string' || typeof files !== 'object' || files === null) return undefined;
    return Object.keys(files).every(mayBeInstalled) ? { version, files } : undefined;
  } catch {
    return undefined;
  }
}

/** Where the record lies. */
export function recordPath(prefix: string): string {
  return join(prefix, RECORD);
}

/** The record as a file to be installed after the others. */
export function recordTarget(version: string, targets: readonly Target[]): Target {
  const files = Object.fromEntries(targets.map(({ path, content }) => [path, digest(content)]));
  const text = `${JSON.stringify({ version, files } satisfies Installation, null, 2)}\n`;
  return { path: RECORD, content: Buffer.from(text), mode: 0o644 };
}

/** The SHA-256 of what lies at a path; undefined when nothing does, null when it is no regular file. */
export function digestOf(path: string): string | null | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return found.isFile() ? digest(readFileSync(path)) : null;
}

export function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A record is only a file: it must not make uninstalling, perhaps as root, remove anything elsewhere. */
function mayBeInstalled(path: string): boolean {
  return path === LAUNCHER || (path.startsWith(`${FOLDER}/`) && !path.split('/').includes('..'));
}

/**
 * Whether the launcher may be told where the package is. What it starts from there runs as whoever calls the launcher: so nobody but
 * root and the one who installs may be able to exchange it. It is not told of a package whose path does not fit into a line.
 */
function mayBePointedTo(path: string): boolean {
  if (path.includes('\n')) return false;
  for (let directory = path; ; directory = dirname(directory)) {
    const { uid, mode } = statSync(directory);
    const shared = (mode & 0o002) !== 0 && (mode & 0o1000) === 0;
    if (shared || (uid !== 0 && uid !== process.geteuid?.())) return false;
    if (directory === dirname(directory)) return true;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
