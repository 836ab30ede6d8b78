/** Debian's prefork-interp (chiark-utils-bin) and its Perl library (chiark-scripts) in tests. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import type { Test } from 'tap';
import { type Place, paths, type Result, type Running, type RunOptions, test } from '../helpers/index.js';

/** Whose launcher or library. */
export type Whose = 'ours' | 'theirs';

export const theirLauncher = process.env.PREFORK_TEST_CHIARK ?? '/usr/bin/prefork-interp';
const missing = findMissing();

/**
 * A test with Debian's programs. Where they are not installed it is skipped with the reason, under CI=true it fails.
 *
 * Their launcher keeps its sockets in /run/user/UID/prefork-interp, or in .prefork-interp/NODENAME below the home directory that the
 * user database names: no variable moves it. Its idents cover the current directory, which is each test's own; what a test has
 * started there is taken away with --kill.
 */
export function chiarkTest(name: string, body: (t: Test, chiark: Chiark) => Promise<void>): void {
  if (missing && process.env.CI === 'true') {
    test(name, async (t) => {
      t.fail(missing);
    });
    return;
  }
  test(
    name,
    async (t, place) => {
      const chiark = new Chiark(place);
      try {
        await body(t, chiark);
      } finally {
        await chiark.leave();
      }
    },
    { skip: missing },
  );
}

export class Chiark {
  readonly #started = new Map<string, () => Promise<Result>>();

  constructor(readonly place: Place) {}

  /** Starts a launcher with these words; `words` holds options, interpreter and script in that order, each a word of its own. */
  startWith(whose: Whose, words: readonly string[], args: readonly string[] = [], options: RunOptions = {}): Running {
    this.remember(whose, words, options);
    return this.place.startProgram(launcherOf(whose), [...words, ...args], options);
  }

  /** Starts `LAUNCHER -U INTERPRETER SCRIPT ARGS`. */
  start(whose: Whose, script: string, args: readonly string[] = [], options: RunOptions = {}): Running {
    return this.startWith(whose, ['-U', interpreterOf(script), script], args, options);
  }

  call(whose: Whose, script: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Result> {
    return this.start(whose, script, args, options).ended;
  }

  /** Runs a shell's command line; in it `$0` is the launcher, and `$@` the words `-U INTERPRETER SCRIPT`. */
  shell(whose: Whose, script: string, command: string, options: RunOptions = {}): Promise<Result> {
    const words = ['-U', interpreterOf(script), script];
    this.remember(whose, words, options);
    return this.place.startProgram('bash', ['-c', command, launcherOf(whose), ...words], options).ended;
  }

  kill(whose: Whose, script: string, options: RunOptions = {}): Promise<Result> {
    const words = ['--kill', '-U', interpreterOf(script), script];
    return this.place.startProgram(launcherOf(whose), words, options).ended;
  }

  /** How many times scripts in a folder that leave a line in the file `initialised` were initialised. */
  initialisations(): number {
    if (!existsSync(`${this.place.work}/initialised`)) return 0;
    return this.place.read('initialised').split('\n').length - 1;
  }

  /** Notes what has to be taken away afterwards. */
  remember(whose: Whose, words: readonly string[], { cwd, env }: RunOptions = {}): void {
    const options = { ...(cwd === undefined ? {} : { cwd }), ...(env === undefined ? {} : { env }) };
    const lasting = words.filter((word) => word !== '-f');
    const kill = () => this.place.startProgram(launcherOf(whose), ['--kill', ...lasting], options).ended;
    this.#started.set(JSON.stringify([whose, words, options]), kill);
  }

  async leave(): Promise<void> {
    for (const kill of this.#started.values()) await kill();
  }
}

export function launcherOf(whose: Whose): string {
  return whose === 'ours' ? paths.launcher : theirLauncher;
}

export function interpreterOf(script: string): string {
  return extname(script) === '.pl' ? 'perl' : 'node';
}

/** False, or what of Debian's is not here. Our own launcher may be installed in the place of theirs; it knows --version. */
function findMissing(): string | false {
  if (!existsSync(theirLauncher)) return `Debian's chiark-utils-bin is not installed: there is no ${theirLauncher}`;
  if (spawnSync(theirLauncher, ['--version'], { stdio: 'ignore' }).status === 0) {
    return `${theirLauncher} is not the launcher of Debian's chiark-utils-bin`;
  }
  const library = spawnSync('perl', ['-MProc::Prefork::Interp', '-e', '1'], { stdio: 'ignore' });
  return library.status === 0 ? false : "Debian's chiark-scripts is not installed: perl finds no Proc::Prefork::Interp";
}
