/** A place of its own for a test: folders, an environment without anything of the test runner's, and a run directory. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listIdents, listServers, ownDirectory, type Server } from '../../dist/rundir/index.js';
import { fixtures, launcher, nodeUnderTest, packageRoot } from './paths.js';
import { killProcess, type LiveProcess, processesOf } from './processes.js';
import { type Result, type Running, type RunOptions, start } from './run.js';
import { waitFor } from './wait.js';

/** How long what belongs to a killed server may take to go by itself. */
const VANISHING_MS = 5_000;
const SECOND_LOOK_MS = 5;

export class Place {
  /** The folder that holds all of it. Its name is short, since a socket's path must be. */
  readonly root = mkdtempSync('/tmp/pf-');
  /** The current directory of calls. It has a node_modules with a link to this package. */
  readonly work = join(this.root, 'work');
  /** Where sockets are. */
  readonly runDirectory = join(this.root, 'run', 'prefork-interp-node');
  /** The whole environment of calls. */
  readonly env: NodeJS.ProcessEnv = {
    PATH: `${join(this.root, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
    HOME: join(this.root, 'home'),
    XDG_RUNTIME_DIR: join(this.root, 'run'),
    LANG: 'C.UTF-8',
  };

  constructor() {
    for (const name of ['bin', 'home', 'work']) mkdirSync(join(this.root, name));
    mkdirSync(join(this.root, 'run'), { mode: 0o700 });
    symlinkSync(nodeUnderTest, join(this.root, 'bin', 'node'));
    mkdirSync(join(this.work, 'node_modules'));
    symlinkSync(packageRoot, join(this.work, 'node_modules', 'prefork-interp'));
  }

  /** Starts the launcher: `start(['-U', 'node', script, 'argument'])`. */
  start(args: readonly string[], options: RunOptions = {}): Running {
    return this.startProgram(launcher, args, options);
  }

  /** Runs the launcher to its end. */
  call(args: readonly string[], options: RunOptions = {}): Promise<Result> {
    return this.start(args, options).ended;
  }

  /** Runs a script through the launcher: `prefork-interp -U node SCRIPT ARGS`. */
  script(script: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Result> {
    return this.call(['-U', 'node', script, ...args], options);
  }

  /** Runs a script plainly: `node SCRIPT ARGS`. */
  plain(script: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Result> {
    return this.startProgram(nodeUnderTest, [script, ...args], options).ended;
  }

  /** Starts any program with the environment of this place. */
  startProgram(program: string, args: readonly string[], options: RunOptions = {}): Running {
    const env: NodeJS.ProcessEnv = { ...this.env, ...options.env };
    return start(program, args, env, { ...options, cwd: options.cwd ?? this.work });
  }

  /** Writes a file into the work folder and returns its path. */
  write(name: string, content: string | Buffer, mode = 0o644): string {
    const path = join(this.work, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode });
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.work, name), 'utf8');
  }

  /** Copies a fixture into the work folder, so that it can be edited and has servers of its own, and returns its path. */
  fixture(name: string): string {
    const path = join(this.work, name);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(join(fixtures, name), path);
    return path;
  }

  /** The servers that are alive by their information files. */
  servers(): Server[] {
    try {
      return listServers(this.runDirectory);
    } catch {
      return [];
    }
  }

  /** The server of the management command itself. */
  ownServers(): Server[] {
    try {
      return listServers(ownDirectory(this.runDirectory));
    } catch {
      return [];
    }
  }

  /** The idents of the sockets that are there. */
  sockets(): string[] {
    try {
      return listIdents(this.runDirectory, 'socket');
    } catch {
      return [];
    }
  }

  /** The live processes that belong to this place: servers, spares, monitors, watchers, running calls. */
  processes(): LiveProcess[] {
    return processesOf(this.root);
  }

  /**
   * Ends the servers, waits until what belongs to them has gone by itself, and takes the folder away. Returns what had to be
   * killed: something that should not have been there.
   */
  async leave(): Promise<LiveProcess[]> {
    for (const server of [...this.servers(), ...this.ownServers()]) killProcess(server);
    const left = await this.#waitForNone();
    for (let remaining = left; remaining.length > 0; remaining = this.processes()) {
      for (const one of remaining) killProcess(one);
      await waitFor('killed processes to go', () => remaining.every(({ pid }) => !this.#lives(pid)));
    }
    if (process.env['PREFORK_TEST_KEEP']) process.stderr.write(`kept ${this.root}\n`);
    else rmSync(this.root, { recursive: true, force: true });
    return left;
  }

  /** A process that is just becoming another program has no environment, and is not seen to belong here: so a second look counts. */
  async #waitForNone(): Promise<LiveProcess[]> {
    const end = performance.now() + VANISHING_MS;
    for (;;) {
      const limit = end - performance.now();
      await waitFor('processes of a test to go', () => this.processes().length === 0, limit).catch(() => {});
      await delay(SECOND_LOOK_MS);
      const left = this.processes();
      if (left.length === 0 || performance.now() >= end) return left;
    }
  }

  #lives(pid: number): boolean {
    return this.processes().some((one) => one.pid === pid);
  }
}
