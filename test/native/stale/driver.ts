/** The driver program: compiled, started under the observer, told what to do line by line. */
import { execFile, execFileSync } from 'node:child_process';
import { on } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { type Place, paths } from '../../helpers/index.js';
import { type Observed, observe } from '../../observer/notes.js';

/** A driver and the observer that it runs under. */
export interface Build {
  readonly name: string;
  readonly program: string;
  readonly preload: string;
}

const sources = join(paths.packageRoot, 'test', 'native', 'stale');
const native = join(paths.packageRoot, 'native');
const flags = '-std=gnu17 -Wall -Wextra -Werror -Wno-format-truncation -g -D_GNU_SOURCE -pthread'.split(' ');
const wraps = ['statfs', 'inotify_init1', 'inotify_add_watch', 'read', 'syscall'].map((name) => `-Wl,--wrap=${name}`);
const sanitizers = ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];

/** Compiles into a folder the store with the driver: as it is, and with the checks of the compiler, the observer as well. */
export async function compileBuilds(folder: string): Promise<{ plain: Build; sanitized: Build }> {
  const plain = { name: 'plain', program: join(folder, 'driver'), preload: paths.observer };
  const observer = join(folder, 'observer-sanitized.so');
  // The sanitizer insists on being the first of all libraries.
  const runtime = execFileSync('cc', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
  const sanitized = {
    name: 'sanitized',
    program: join(folder, 'driver-sanitized'),
    preload: `${runtime} ${observer}`,
  };
  const driver = [
    ...filesOf(sources),
    ...filesOf(join(native, 'addon'), /^(stale.*|notes)\.c$/),
    join(native, 'shared', 'program.c'),
    ...wraps,
  ];
  await Promise.all([
    compile(plain.program, driver),
    compile(sanitized.program, [...sanitizers, ...driver]),
    compile(observer, [...sanitizers, '-fPIC', '-shared', '-fvisibility=hidden', ...filesOf(join(native, 'observer'))]),
  ]);
  return { plain, sanitized };
}

async function compile(output: string, args: readonly string[]): Promise<void> {
  const include = ['shared', 'addon'].map((name) => `-I${join(native, name)}`);
  await promisify(execFile)('cc', [...flags, ...include, '-o', output, ...args, '-ldl']);
}

function filesOf(folder: string, pattern = /\.c$/): string[] {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}

export class Driver {
  readonly #observed: Observed;
  #told = 0;

  /** Without a build's observer, the process is one that has notes and no observer. */
  constructor(place: Place, build: Build, options: { cwd?: string; observed?: boolean } = {}) {
    this.#observed = observe(place, build.program, [], {
      preload: options.observed === false ? build.preload.replace(/\S*observer\S*/, '') : build.preload,
      cwd: options.cwd ?? place.work,
      stdio: ['pipe', 'pipe', 'pipe'],
      // The store is never given back: it lives as long as its server.
      env: { ASAN_OPTIONS: 'detect_leaks=0' },
    });
  }

  /** Has all of these lines done and returns the last answer. */
  async tell(...lines: readonly string[]): Promise<string> {
    return (await this.tellAll(...lines)).at(-1) ?? '';
  }

  /** Has all of these lines done and returns the answers. */
  async tellAll(...lines: readonly string[]): Promise<string[]> {
    const { running } = this.#observed;
    const from = this.#told;
    this.#told += lines.length;
    running.child.stdin?.write(lines.map((line) => `${line}\n`).join(''));
    for await (const _ of on(running.child.stdout as Readable, 'data', { close: ['close'] })) {
      if (running.stdout().split('\n').length > this.#told) break;
    }
    const answers = running.stdout().split('\n').slice(from, this.#told);
    if (running.stdout().split('\n').length <= this.#told) throw new Error(`the driver ended: ${running.stderr()}`);
    return answers;
  }

  notes() {
    return this.#observed.notes();
  }

  /** Ends it. It must not have anything to complain of. */
  async end(): Promise<void> {
    const { running } = this.#observed;
    running.child.stdin?.end();
    const { code, stderr } = await running.ended;
    if (code !== 0 || stderr !== '') throw new Error(`the driver ended with ${code}: ${stderr}`);
  }
}
