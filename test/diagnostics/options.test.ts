/** What Node can be asked to tell of a run: a warm call tells it as a plain one does, or runs plainly and says why. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Result, test } from '../helpers/index.js';

type Settings = Readonly<Record<string, string>>;

const script = `
  const { initialisationComplete } = require('prefork-interp');
  function early() { return 1; }
  early();
  const served = initialisationComplete();
  function late() { return 2; }
  function never() { return 3; }
  late();
  const ways = {
    nothing() {},
    exit() { process.exit(3); },
    throw() { throw new Error('uncaught'); },
    warn() { process.emitWarning('careful'); new Buffer(1); },
    report() { process.report.writeReport(); },
    snapshot() { require('node:v8').writeHeapSnapshot(); },
    signal() {
      const { readdirSync } = require('node:fs');
      process.kill(process.pid, 'SIGUSR2');
      const timer = setInterval(() => { if (readdirSync('.').length > 0) clearInterval(timer); }, 5);
    },
  };
  process.stdout.write(served + ' ' + process.pid);
  ways[process.argv[2]]();
`;

/** Node's arguments, variables, what the script does, and what the files are called that it leaves; PID is its own. */
const told: [options: string, more: Settings, way: string, files: RegExp[]][] = [
  ['', { NODE_V8_COVERAGE: 'cov' }, 'nothing', [/^cov\/coverage-PID-/]],
  ['', { NODE_V8_COVERAGE: 'cov' }, 'exit', [/^cov\/coverage-PID-/]],
  ['', {}, 'snapshot', [/^Heap\..*\.PID\..*\.heapsnapshot$/]],
  ['--heapsnapshot-signal=SIGUSR2', {}, 'signal', [/^Heap\..*\.PID\..*\.heapsnapshot$/]],
  ['', {}, 'report', [/^report\..*\.PID\..*\.json$/]],
  ['--report-on-signal', {}, 'signal', [/^report\..*\.PID\..*\.json$/]],
  ['--report-uncaught-exception', {}, 'throw', [/^report\..*\.PID\..*\.json$/]],
  ['--redirect-warnings=warnings', {}, 'warn', [/^warnings$/]],
  ['--trace-warnings', {}, 'warn', []],
  ['--trace-deprecation', {}, 'warn', []],
  ['--no-warnings', {}, 'warn', []],
  ['--trace-uncaught', {}, 'throw', []],
  ['--trace-exit', {}, 'exit', []],
  ['--stack-trace-limit=2', {}, 'throw', []],
  ['--enable-source-maps', {}, 'throw', []],
  ['--frozen-intrinsics --no-warnings', {}, 'nothing', []],
  ['--disable-proto=throw', {}, 'nothing', []],
  ['', { NODE_PENDING_DEPRECATION: '1' }, 'warn', []],
];

test('what Node tells of a call is as in a plain run, in the directory and with the pid of the call', async (t, place) => {
  const path = place.write('tells.cjs', script);
  for (const [options, more, way, files] of told) {
    const words = options.split(' ').filter(Boolean);
    const name = `${options} ${Object.keys(more).join()} ${way}`;
    const cwd = join(place.work, 'calls');
    const run = async (how: 'plain' | 'first' | 'second') => {
      rmSync(cwd, { recursive: true, force: true });
      mkdirSync(cwd);
      const options = { env: more, cwd };
      const result = await (how === 'plain'
        ? place.startProgram('node', [...words, path, way], options).ended
        : place.call(['-U', 'node', ...words, path, way], options));
      const left = filesIn(cwd, result);
      const counts = more['NODE_V8_COVERAGE']
        ? covered(join(cwd, left[0] ?? '').replace('PID', pidOf(result)), path)
        : null;
      return { result, left, counts };
    };
    const plain = await run('plain');
    t.equal(plain.left.length, files.length, `${name}: files of a plain run`);
    for (const how of ['first', 'second'] as const) {
      const called = await run(how);
      t.match(called.result.stdout, /^true /, `${name}, ${how} call: served`);
      t.strictSame(comparable(called), comparable(plain), `${name}, ${how} call`);
      for (const [i, file] of files.entries()) t.match(called.left[i], file, `${name}, ${how} call`);
      t.strictSame(called.counts, plain.counts, `${name}, ${how} call: the same functions`);
      if (called.counts) t.match(called.counts, { early: 1, late: 1, never: 0 });
    }
    await place.call(['--kill', '-U', 'node', ...words, path], { env: more, cwd });
  }
});

/** What needs threads of its own, or one file for all. */
const plainly: [words: string[], env: Settings][] = [
  [['--cpu-prof', '--cpu-prof-dir=profiles'], {}],
  [['--prof'], {}],
  [[], { NODE_OPTIONS: '--trace-event-categories=node' }],
  [[], { NODE_OPTIONS: '--experimental-loader=data:text/javascript,' }],
  [['--heap-prof', '--heap-prof-dir=profiles'], {}],
  [['--inspect=0'], {}],
  [[], { NODE_OPTIONS: '--inspect-port=0' }],
];

test('what a fork would lose runs plainly, with a line that says which option it is', async (t, place) => {
  const path = place.write('tells.cjs', script);
  for (const [words, env] of plainly) {
    const option = words[0] ?? env['NODE_OPTIONS'] ?? '';
    const { code, stdout, stderr } = await place.call(['-U', 'node', ...words, path, 'nothing'], { env });
    t.equal(code, 0, option);
    t.match(stdout, /^false /, option);
    const line = stderr.split('\n').find((each) => each.startsWith('prefork-interp: ')) ?? '';
    t.ok(line.includes(`plainly: it is not shared under ${option}`), `${option}: ${line}`);
  }
  t.strictSame(place.sockets(), []);
});

interface Outcome {
  readonly result: Result;
  readonly left: readonly string[];
}

function pidOf({ stdout }: Result): string {
  return stdout.split(' ')[1] ?? '';
}

function filesIn(folder: string, result: Result): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = entries.map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
  return names.map((name) => name.replace(pidOf(result), 'PID'));
}

function comparable({ result, left }: Outcome) {
  const varies = /\d{8}\.\d{6}|0x[\da-f]+|\d{10,}/g;
  const stderr = result.stderr.replaceAll(`:${pidOf(result)})`, ':PID)');
  const files = left.map((name) => name.replaceAll(varies, 'VARIES').replace(/\.0\.\d+\./, '.'));
  return {
    code: result.code,
    signal: result.signal,
    stderr: stderr.replaceAll(varies, 'VARIES').replaceAll(pidOf(result), 'PID'),
    files,
  };
}

/** How often V8 counted each function of the script. */
function covered(file: string, path: string): Record<string, number> {
  const { result: scripts } = JSON.parse(readFileSync(file, 'utf8')) as {
    result: { url: string; functions: { functionName: string; ranges: { count: number }[] }[] }[];
  };
  const functions = scripts.find(({ url }) => url.endsWith(path))?.functions ?? [];
  const counts = functions.map(({ functionName, ranges }) => [functionName, ranges[0]?.count ?? -1] as const);
  return Object.fromEntries(counts.filter(([name]) => name !== ''));
}
