/** The scripts, and what their first lines say of how they are run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../helpers/paths.js';
import { type Arrangement, type Kind, share } from './arrangements.js';

export interface Script {
  /** Area and file name: `ends/exit-in-timer.mjs`. */
  readonly name: string;
  readonly path: string;
  readonly arrangements: readonly Arrangement[];
  readonly settings: Settings;
}

/** What a first line `// fidelity: {...}` may hold. */
export interface Settings {
  readonly args?: readonly string[];
  /** Added to the environment; null takes a variable away. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Node's own arguments. */
  readonly node?: readonly string[];
  readonly input?: string;
  /** The input is so many lines, of eight bytes each. */
  readonly lines?: number;
  /** When the input comes; ready: when the script has written that word on a line. */
  readonly when?: 'ready';
  /** Of pipes and sockets: see run.c. */
  readonly reader?: 'slow' | 'late' | 'gone';
  /** Sent when the script is ready. */
  readonly signal?: NodeJS.Signals;
  /** All arrangements, or those with such kinds only: `[["pipe","socket"], [], []]`; none named: any. */
  readonly arrangements?: 'all' | readonly (readonly (Kind | 'same')[])[];
  /** What initialisation asks, so that calls have several servers: what its descriptors are, or whether stdin is a terminal. */
  readonly world?: 'arrangement' | 'stdin';
  /** The first version of Node that can run it. */
  readonly since?: number;
}

const folder = join(packageRoot, 'test', 'fidelity', 'scripts');
/** What these do depends on the descriptors: they run with all of them. */
const areasOfStreams = ['output', 'input', 'streams-of-process'];
const ARRANGEMENTS_EACH = 4;

/** All scripts, by name, each with its share of the arrangements. What lies in a folder named parts is used by them. */
export function listScripts(arrangements: readonly Arrangement[]): Script[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]js$/.test(name) && !name.includes('parts/'))
    .sort();
  return names.map((name, index) => {
    const path = join(folder, name);
    const settings = readSettings(path);
    return { name, path, settings, arrangements: choose(arrangements, name, index, settings) };
  });
}

function readSettings(path: string): Settings {
  const found = /^\/\/ fidelity: (.*)$/m.exec(readFileSync(path, 'utf8'));
  try {
    return found ? (JSON.parse(found[1] as string) as Settings) : {};
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}

function choose(
  all: readonly Arrangement[],
  name: string,
  index: number,
  { arrangements }: Settings,
): readonly Arrangement[] {
  if (arrangements === 'all') return all;
  if (arrangements) return all.filter((one) => one.every((kind, i) => includes(arrangements[i], kind)));
  if (areasOfStreams.some((area) => name.startsWith(`${area}/`))) return all;
  return share(all, index, Math.min(ARRANGEMENTS_EACH, all.length));
}

function includes(wanted: readonly string[] | undefined, kind: string): boolean {
  return wanted === undefined || wanted.length === 0 || wanted.includes(kind);
}
