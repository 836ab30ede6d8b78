/** Scripts that bend what all code relies on: the call is made and ends as in a plain run. */
import { type Result, test, waitFor } from '../helpers/index.js';

/** By name, what is run before or after initialisation. */
const deeds: Readonly<Record<string, string>> = {
  'iterators deleted': `
    delete Array.prototype[Symbol.iterator];
    delete Map.prototype[Symbol.iterator];
    delete Set.prototype[Symbol.iterator];
    delete String.prototype[Symbol.iterator];
    delete Object.getPrototypeOf([][Symbol.iterator] ? [].values() : new Map().values()).next;`,
  'methods of arrays deleted': `
    for (const name of ['push', 'pop', 'at', 'map', 'filter', 'find', 'forEach', 'flatMap', 'includes', 'indexOf', 'slice', 'splice', 'values'])
      delete Array.prototype[name];`,
  'methods of text and promises deleted': `
    for (const name of ['at', 'includes', 'padStart', 'replaceAll', 'trim', 'matchAll']) delete String.prototype[name];
    for (const name of ['catch', 'finally']) delete Promise.prototype[name];`,
  'functions of Object replaced': `
    const never = () => { throw new Error('a replaced function was called'); };
    for (const name of ['defineProperty', 'getOwnPropertyDescriptor', 'assign', 'keys', 'entries', 'create']) Object[name] = never;`,
  'globals replaced': `
    const never = () => { throw new Error('a replaced global was called'); };
    globalThis.Set = globalThis.Map = globalThis.Number = globalThis.String = globalThis.Array = globalThis.Promise = never;
    globalThis.Buffer = globalThis.setTimeout = globalThis.JSON = globalThis.Reflect = undefined;`,
  'a global console of its own': `
    globalThis.console = { log() {}, error() {} };`,
  'properties on the prototype of all objects': `
    const names = ['fd', 'type', 'mode', 'encoding', 'problem', 'extended', 'pid', 'spares', 'end', 'autoreload', 'recordable', 'stdout'];
    for (const name of names) Object.prototype[name] = undefined;
    for (const name of ['get', 'set', 'writable', 'enumerable', 'configurable'])
      Object.defineProperty(Object.prototype, name, { __proto__: null, configurable: true, get() { return () => {}; }, set(value) {
        Reflect.defineProperty(this, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
      } });`,
  'a global named process': `
    globalThis.process = { argv: ['none'], exit() {}, env: {}, stdout: null, pid: -1 };`,
  'a global named require, module and globalThis': `
    globalThis.require = globalThis.module = globalThis.exports = 1;
    globalThis.globalThis = {};`,
  'intrinsics frozen': `
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      if (!/^[A-Z]/.test(name)) continue;
      const value = globalThis[name];
      if (typeof value !== 'function') continue;
      Object.freeze(value);
      if (value.prototype) Object.freeze(value.prototype);
    }`,
  'process frozen as far as can be': `
    for (const name of ['argv', 'env', 'pid', 'exit', 'emit', 'reallyExit', 'stdout', 'stderr'])
      if (name !== 'argv' && name !== 'env' && name !== 'stdout' && name !== 'stderr' && name !== 'pid')
        Object.defineProperty(process, name, { value: process[name], writable: false, configurable: false });`,
  'process.emit replaced': `
    const emit = process.emit;
    process.emit = function (name, ...words) {
      if (name === 'exit' || name === 'beforeExit') require('fs').writeSync(1, name + ' ');
      return Reflect.apply(emit, this, [name, ...words]);
    };`,
  'process.exit and process.reallyExit replaced': `
    const { exit, reallyExit } = process;
    process.exit = (code) => { require('fs').writeSync(1, 'exit '); Reflect.apply(exit, process, [code]); };
    process.reallyExit = (code) => { require('fs').writeSync(1, 'reallyExit '); Reflect.apply(reallyExit, process, [code]); };`,
  'errors that cannot be shown': `
    Error.prepareStackTrace = () => { throw 1; };
    Error.stackTraceLimit = 0;`,
};

/** Node itself does not load these any more after some of the deeds. */
const loadedAhead = "require('node:net'); require('node:tty'); process.stdout; process.stderr;";

/** How the call ends, after it has written. */
const ends: Readonly<Record<string, string>> = {
  natural: '',
  exit: 'original.exit(3);',
  timer: 'later(() => original.exit(4), 1);',
  thrown: "throw new Error('thrown');",
  code: 'original.exitCode = 5;',
};

for (const when of ['before', 'after'] as const) {
  test(`what a script does to its globals ${when} its initialisation is complete harms no call`, async (t, place) => {
    for (const [name, deed] of Object.entries(deeds)) {
      const script = place.write(`${name.replaceAll(' ', '-')}.cjs`, scriptOf(when, deed));
      await place.script(script, ['natural']);
      const [server] = place.servers();
      for (const end of Object.keys(ends)) {
        const [plain, called] = await Promise.all([place.plain(script, [end]), place.script(script, [end])]);
        t.match(called.stdout, /^true /, `${name}, ${end}: served`);
        t.strictSame(comparable(called), comparable(plain), `${name}, ${end}`);
      }
      t.equal(place.servers()[0]?.pid, server?.pid, `${name}: by one server`);
      await place.call(['--kill', '-U', 'node', script]);
      await waitFor('the server to go', () => place.servers().length === 0);
    }
  });
}

function scriptOf(when: 'before' | 'after', deed: string): string {
  return `
    const { initialisationComplete } = require('prefork-interp');
    const { writeSync } = require('node:fs');
    ${loadedAhead}
    const original = process, later = setTimeout, log = console.log;
    const ends = { ${Object.entries(ends)
      .map(([name, code]) => `${name}() { ${code} }`)
      .join()} };
    ${when === 'before' ? `{ ${deed} }` : ''}
    writeSync(1, initialisationComplete() + ' ');
    ${when === 'after' ? `{ ${deed} }` : ''}
    const how = original.argv[2];
    writeSync(1, 'arguments ' + original.argv.length + ' ' + how + '\\n');
    original.stdout.write('on stdout\\n');
    original.stderr.write('on stderr\\n');
    log('logged');
    ends[how]();
  `;
}

function comparable({ code, signal, stdout, stderr }: Result) {
  return {
    code,
    signal,
    stdout: stdout.replace(/^(true|false) /, ''),
    stderr: stderr.replaceAll(/\(node:\d+\)/g, 'VARIES'),
  };
}
