// npm run demo: ESLint over a folder of real files, plainly and through the launcher. The outputs must be the same, byte for
// byte, and nothing may be left behind.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PLAIN_RUNS = 5;
const WARM_RUNS = 25;
const FILES = 20;

const root = join(import.meta.dirname, '..', '..');
const script = join(root, 'examples', 'eslint.mjs');
const launcher = join(root, 'bin', 'prefork-interp');
const place = mkdtempSync(join(tmpdir(), 'pf-demo-'));
const runtime = join(place, 'run');
const environment = { ...process.env, XDG_RUNTIME_DIR: runtime };

try {
  mkdirSync(runtime, { mode: 0o700 });
  const files = copyRealFiles(join(place, 'files'));
  process.stdout.write(`ESLint (examples/eslint.mjs) with Node ${process.version}; milliseconds, medians\n\n`);
  const rows = [measure(`${FILES} files`, files), measure('1 file', files.slice(0, 1))];
  process.stdout.write(table([['', 'plain', 'first', 'warm', 'plain / warm'], ...rows]));
  process.stdout.write(
    `\nplain: node eslint.mjs, ${PLAIN_RUNS} runs. first: starts the server. warm: ${WARM_RUNS} runs.\n`,
  );
  process.stdout.write('Output, errors and exit status were the same in every run.\n');
} catch (error) {
  process.stderr.write(`demo: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  endServers();
  rmSync(place, { recursive: true, force: true });
}

/** ESLint's own rules: code of people, of the size of usual source files. */
function copyRealFiles(folder) {
  const source = join(root, 'node_modules', 'eslint', 'lib', 'rules');
  mkdirSync(folder);
  const names = readdirSync(source).filter((name) => name.endsWith('.js'));
  return names.slice(0, FILES).map((name) => {
    copyFileSync(join(source, name), join(folder, name));
    return join(folder, name);
  });
}

/** One row of the table. */
function measure(name, files) {
  const plain = repeat(PLAIN_RUNS, () => run(process.execPath, [script, ...files]));
  const expected = plain[0];
  if (expected.stdout.length === 0) throw new Error('ESLint found nothing: there is no output to compare');
  const killed = run(launcher, ['--kill', '-U', process.execPath, script]);
  if (killed.end !== 0) throw new Error(`the launcher cannot be used: ${killed.stderr}`);
  const first = run(launcher, ['-U', process.execPath, script, ...files]);
  const warm = repeat(WARM_RUNS, () => run(launcher, ['-U', process.execPath, script, ...files]));
  for (const other of [...plain, first, ...warm]) compare(name, expected, other);

  const [plainTime, warmTime] = [median(plain), median(warm)];
  return [name, ms(plainTime), ms(first.time), ms(warmTime), (plainTime / warmTime).toFixed(1)];
}

function run(program, args) {
  const begun = performance.now();
  const { error, status, signal, stdout, stderr } = spawnSync(program, args, { cwd: place, env: environment });
  const time = performance.now() - begun;
  if (error) throw error;
  return { end: signal ?? status, stdout, stderr, time };
}

function compare(name, expected, found) {
  for (const part of ['stdout', 'stderr']) {
    if (expected[part].equals(found[part])) continue;
    throw new Error(
      `${name}: ${part} differs. ${firstDifference(String(expected[part]), String(found[part]))}${found.stderr}`,
    );
  }
  if (expected.end !== found.end) throw new Error(`${name}: ended with ${found.end} instead of ${expected.end}`);
}

function firstDifference(expected, found) {
  const [one, other] = [expected.split('\n'), found.split('\n')];
  const line = one.findIndex((text, index) => text !== other[index]);
  return `Line ${line + 1}:\nplain: ${one[line]}\nhere:  ${other[line]}\n`;
}

/** As a user would end them; then the system is asked whether that was all. */
function endServers() {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin', 'prefork'), 'stop', '--all'], {
    env: environment,
  });
  const left = processesLeft();
  if (left.length === 0) return;
  process.stderr.write(
    `demo: processes are left behind: ${left.join(', ')} (prefork stop: status ${status}, ${stderr})\n`,
  );
  for (const pid of left) process.kill(pid, 'SIGKILL');
  process.exitCode = 1;
}

/** Asks for up to two seconds: what belongs to a server goes a moment after it. */
function processesLeft() {
  for (let tries = 0; tries < 40; tries++) {
    if (ourProcesses().length === 0) return [];
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  return ourProcesses();
}

/** By the run directory in their environment, which is nobody else's. */
function ourProcesses() {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`XDG_RUNTIME_DIR=${runtime}`);
    } catch {
      return false;
    }
  });
}

function repeat(times, action) {
  return Array.from({ length: times }, action);
}

function median(runs) {
  const times = runs.map(({ time }) => time).sort((one, other) => one - other);
  return times[Math.floor(times.length / 2)];
}

function ms(time) {
  return time.toFixed(time < 100 ? 1 : 0);
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => `${row.map((text, column) => text.padStart(widths[column])).join('   ')}\n`).join('');
}
