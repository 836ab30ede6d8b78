/** The library: what a script calls. In a plain run nothing of it is loaded but this file. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { here } from './here.js';
import type { Options } from './options.js';

export type { LogFacility, Options } from './options.js';

const facilities = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp'],
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7', 'none'],
];

/** What the copies of this library in one process (two versions, import and require) share. */
interface Shared {
  setup?: import('./server/setup.js').Setup;
  alsoCheck: string[];
  result?: boolean;
}

const shared: Shared = sharedState();

/**
 * Marks the end of the script's initialisation. What ran until here runs once; what follows runs for every call, each in a process of
 * its own.
 *
 * Behaves as `initialisationComplete` of chiark's prefork-interp.
 *
 * @param options how the server behaves; they count only where a server is started.
 * @returns true in an executor: argv, environment, directory, standard streams and pid are the call's. False where the script runs
 *   plainly or could not be forked: initialisation and call are the same process, and the script just goes on. Called again in
 *   the same process it returns the same.
 * @throws {TypeError} when an option is of the wrong type, {RangeError} when its value is out of range; also in a plain run.
 */
export function initialisationComplete(options: Options = {}): boolean {
  checkOptions(options);
  if (shared.result !== undefined) return shared.result;
  shared.result = shared.setup ? shared.setup.complete(options, shared.alsoCheck) : false;
  return shared.result;
}

/**
 * Names files whose change makes the server be replaced, beside those that initialisation looked at.
 *
 * @param paths names of files, relative ones to the current directory of now. They need not exist: one that appears has changed.
 * @throws {TypeError} when a path is not a string.
 */
export function autoreloadAlsoCheck(...paths: string[]): void {
  for (let i = 0; i < paths.length; i++) {
    shared.alsoCheck[shared.alsoCheck.length] = checkedPath(paths[i], 'autoreloadAlsoCheck: path');
  }
}

function sharedState(): Shared {
  const key = Symbol.for('prefork-interp');
  const registry = globalThis as unknown as Record<symbol, Shared | undefined>;
  const existing = registry[key];
  if (existing) return existing;
  const state: Shared = { alsoCheck: [] };
  Object.defineProperty(globalThis, key, { value: state });
  // The global one: to import node:process into an ES module makes the standard streams, in a plain run too.
  const variable = process.env['PREFORK_INTERP'];
  if (variable !== undefined) {
    const setup = load().prepare(variable);
    if (setup) state.setup = setup;
  }
  return state;
}

/**
 * The working parts are loaded only when a launcher started the process, and always in their CommonJS form: that is one copy, and can be
 * loaded from here without waiting, which `import()` cannot.
 */
function load(): typeof import('./server/setup.js') {
  const require = createRequire(join(here, 'index.js'));
  return require(join(here, 'cjs', 'server', 'setup.js')) as typeof import('./server/setup.js');
}

function checkOptions(options: Options): void {
  checkNumber(options.maxCalls, 'maxCalls', 'a whole number of at least 1', (n) => Number.isSafeInteger(n) && n >= 1);
  checkNumber(options.spares, 'spares', 'a whole number from 1 to 63', (n) => Number.isInteger(n) && n >= 1 && n <= 63);
  checkNumber(options.idleTimeout, 'idleTimeout', 'a number of seconds above 0', (n) => n > 0);
  if (options.autoreload !== undefined && typeof options.autoreload !== 'boolean') {
    throw new TypeError(`initialisationComplete: autoreload must be a boolean, not ${typeof options.autoreload}`);
  }
  checkFacility(options.logFacility);
  if (options.logSocket !== undefined) checkedPath(options.logSocket, 'initialisationComplete: logSocket');
  if (options.autoreloadExtra !== undefined && !Array.isArray(options.autoreloadExtra)) {
    throw new TypeError('initialisationComplete: autoreloadExtra must be an array of file names');
  }
  checkEach(options.autoreloadExtra, (name) => checkedPath(name, 'initialisationComplete: autoreloadExtra'));
  if (options.ignoreVariables !== undefined && !Array.isArray(options.ignoreVariables)) {
    throw new TypeError('initialisationComplete: ignoreVariables must be an array of names of variables');
  }
  checkEach(options.ignoreVariables, checkVariable);
  if ((options.ignoreVariables?.length ?? 0) > 64) {
    throw new RangeError('initialisationComplete: ignoreVariables must have no more than 64 names');
  }
}

// By index: a script may have taken the iterator away from arrays, and Node itself does without it from 22 on.
function checkEach(list: readonly unknown[] = [], check: (element: unknown) => void): void {
  for (let i = 0; i < list.length; i++) check(list[i]);
}

function checkVariable(name: unknown): void {
  const checked = checkedPath(name, 'initialisationComplete: ignoreVariables');
  if (!/^[^=*\n\0]{1,128}\*?$/.test(checked)) {
    throw new RangeError(
      `initialisationComplete: ignoreVariables: ${JSON.stringify(checked)} is no name of a variable`,
    );
  }
}

function checkNumber(value: unknown, name: string, range: string, isGood: (value: number) => boolean): void {
  if (value === undefined) return;
  const message = `initialisationComplete: ${name} must be ${range}, not ${String(value)}`;
  if (typeof value !== 'number') throw new TypeError(message);
  if (!isGood(value)) throw new RangeError(message);
}

function checkFacility(value: unknown): void {
  if (value === undefined) return;
  const message = `initialisationComplete: logFacility must be one of ${facilities.join(', ')}, not ${String(value)}`;
  if (typeof value !== 'string') throw new TypeError(message);
  if (!facilities.includes(value)) throw new RangeError(message);
}

function checkedPath(path: unknown, what: string): string {
  if (typeof path !== 'string') throw new TypeError(`${what} must be a string, not ${typeof path}`);
  return path;
}
