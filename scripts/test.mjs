// Runs the tests with tap: node scripts/test.mjs [PART ...]   (PART: the beginning of a path below test/, such as engine)
// Prints a line a file, what failed in it or was skipped, and at the end `N passed, N failed`, counted in assertions. Options: .taprc.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');
const parts = process.argv.slice(2);
const files = listTests().filter((path) => parts.length === 0 || parts.some((part) => path.startsWith(part)));
if (files.length === 0) {
  process.stderr.write(`test: no test begins with ${parts.join(' or ')}\n`);
  process.exit(1);
}

const tap = join(root, 'node_modules', 'tap', 'dist', 'esm', 'run.mjs');
const compiled = files.map((path) => join('dist-test', path.replace(/\.ts$/, '.js')));
const child = spawn(process.execPath, [tap, 'run', '--reporter=tap', ...compiled], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
const counts = await report(createInterface({ input: child.stdout }));
const end = await ended;
if (end !== 0) process.stdout.write(`tap ended with ${end}\n`);
const failed = Math.max(counts.failed, end === 0 ? 0 : 1);
process.stdout.write(`${counts.passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

/** By the sources, since dist-test/ may hold what was compiled from a test that is gone. */
function listTests() {
  const names = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.test.ts') && !/^(helpers|fixtures)\//.test(name)).sort();
}

/** In tap's output a file is a subtest: its lines are indented, and the line that sums it up is not. */
async function report(lines) {
  let failures = [];
  let inFailure = false;
  let direct = false;
  let counted = { passed: 0, failed: 0 };
  for await (const line of lines) {
    const file = /^(ok|not ok) \d+ - (.*?)(?: # time=([\d.]+)ms)?(?: \{)?$/.exec(line);
    if (file) {
      process.stdout.write(`${file[1]} ${file[2]} ${Math.round(Number(file[3] ?? 0))} ms\n`);
      if (file[1] !== 'ok') process.stdout.write(failures.join(''));
      // What tap says of the file itself tells more only when nothing in it failed: it crashed, or took too long.
      inFailure = direct = file[1] !== 'ok' && failures.length === 0;
      failures = [];
      continue;
    }
    const skipped = /^\s*ok \d+ - (.*?) # SKIP\b(.*)$/.exec(line);
    if (skipped) process.stdout.write(`skipped: ${skipped[1]}:${skipped[2]}\n`);
    // A failure with what explains it: the block between --- and ... that follows it.
    if (/^\s*not ok /.test(line)) inFailure = true;
    else if (/^\s*(ok |# Subtest)/.test(line)) inFailure = direct = false;
    if (direct) process.stdout.write(`  ${line}\n`);
    else if (inFailure) failures.push(`  ${line}\n`);
    if (/^\s*\.\.\.$/.test(line)) inFailure = direct = false;
    if (line.startsWith('# {')) counted = { passed: count(line, 'pass'), failed: count(line, 'fail') };
  }
  return counted;
}

/** tap ends its output with `# { total: 3, pass: 2, fail: 1 }`. */
function count(line, name) {
  return Number(new RegExp(`\\b${name}: (\\d+)`).exec(line)?.[1] ?? 0);
}
