/** A folder of its own for the measurements with one Node: scripts, run directory, environment. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listServers } from '../dist/rundir/index.js';
import { root } from '../scripts/files.mjs';
import { describeProcess, endProcess, processesOf } from '../scripts/soak/processes.mjs';

/** How long what belongs to a server may take to go after its end. */
const VANISHING_MS = 10_000;
/** Enough for the first spares and the self-test to be history. */
const WARMING_CALLS = 10;

export class Place {
  /** Its name is short, since a socket's path must be. */
  root = mkdtempSync('/tmp/pfb-');
  work = join(this.root, 'work');
  env = {
    PATH: `${join(this.root, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
    HOME: join(this.root, 'home'),
    XDG_RUNTIME_DIR: join(this.root, 'run'),
    LANG: 'C.UTF-8',
  };

  /** `checkout`: whose launcher and library are measured. */
  constructor(node, version, checkout = root) {
    this.node = node;
    this.launcher = join(checkout, 'prebuilds', `linux-${process.arch}`, 'prefork-interp');
    this.major = Number(/^v(\d+)/.exec(version)[1]);
    for (const name of ['bin', 'home', 'work/node_modules/.bin']) mkdirSync(join(this.root, name), { recursive: true });
    mkdirSync(join(this.root, 'run'), { mode: 0o700 });
    symlinkSync(node, join(this.root, 'bin', 'node'));
    cpSync(join(import.meta.dirname, 'scripts'), this.work, { recursive: true });
    const modules = {
      'prefork-interp': checkout,
      eslint: join(root, 'node_modules', 'eslint'),
      prettier: join(import.meta.dirname, 'node_modules', 'prettier'),
    };
    for (const [name, target] of Object.entries(modules)) {
      if (existsSync(target)) symlinkSync(target, join(this.work, 'node_modules', name));
    }
    symlinkSync(join(checkout, 'bin', 'prefork-interp'), this.link);
  }

  /** As npm makes it: a link to the shell script that finds the launcher. */
  get link() {
    return join(this.work, 'node_modules', '.bin', 'prefork-interp');
  }

  /** A file that no other process has mapped. */
  useCopyOfNode() {
    const link = join(this.root, 'bin', 'node');
    rmSync(link);
    copyFileSync(this.node, link);
    this.node = link;
  }

  file(name) {
    return join(this.work, name);
  }

  write(name, content, mode = 0o644) {
    writeFileSync(this.file(name), content, { mode });
    return this.file(name);
  }

  /** The words of a call through the launcher. */
  forked(script, ...args) {
    return [this.launcher, '-U', 'node', this.file(script), ...args];
  }

  plain(script, ...args) {
    return [this.node, this.file(script), ...args];
  }

  /** The words that end the script's server. */
  kill(script) {
    return [this.launcher, '-U', '--kill', 'node', this.file(script)];
  }

  /**
   * Runs words to their end and returns what they printed. Standard error is a file: a daemon that keeps it open, as Debian's watcher
   * does, must not keep us waiting.
   */
  run([program, ...args], { input = '', variables = {} } = {}) {
    const errors = join(this.root, 'home', 'errors');
    const fd = openSync(errors, 'w');
    const env = { ...this.env, ...variables };
    const { error, status, signal, stdout } = spawnSync(program, args, {
      cwd: this.work,
      env,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', fd],
    });
    closeSync(fd);
    if (error) throw error;
    const complaint = readFileSync(errors, 'utf8').trim();
    if (status === 0 && !complaint) return stdout;
    throw new Error(`${[program, ...args].join(' ')} ended with ${signal ?? status}: ${complaint}`);
  }

  /** Makes sure that warm calls of a script are timed, and those of one server: the one that is there before serves after. */
  async warm(script, ...rest) {
    const [args, measure] = [rest.slice(0, -1), rest.at(-1)];
    const serverOf = () => this.servers().find((server) => server.script === this.file(script))?.pid;
    for (let call = 0; call < WARMING_CALLS; call++) this.run(this.forked(script, ...args));
    const before = serverOf();
    const result = await measure();
    if (before === undefined || serverOf() !== before)
      throw new Error(`${script}: its server was replaced, or there is none`);
    return result;
  }

  servers() {
    const directory = join(this.root, 'run', 'prefork-interp-node');
    return existsSync(directory) ? listServers(directory) : [];
  }

  processes() {
    return processesOf(this.root);
  }

  /** Ends the servers and waits until nothing of them is left. */
  async endServers() {
    for (const { pid } of this.servers()) attempt(() => process.kill(pid, 'SIGKILL'));
    const end = Date.now() + VANISHING_MS;
    while (this.processes().length > 0 && Date.now() < end) await sleep(20);
  }

  /** Ends everything and takes the folder away. Returns a description of what had to be killed. */
  async leave() {
    await this.endServers();
    const left = this.processes();
    const descriptions = [];
    for (const one of left) {
      descriptions.push(await describeProcess(one));
      endProcess(one);
    }
    rmSync(this.root, { recursive: true, force: true });
    return descriptions;
  }
}

function attempt(action) {
  try {
    action();
  } catch {
    // It has gone already.
  }
}
