// What takes too long for every change: npm run nightly [-- PART ...]   (PART: the beginning of a step's name)
// Long soaks and all arrangements of the fidelity harness on each Node, real tools, chaos on three seeds, a million inputs for each fuzzer.
// Prints what each step prints, then a line a step; ends with 1 where one failed. Takes some hours on two cores.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './files.mjs';

const MAJORS = ['20', '22', '24', '26'];
const SEEDS = ['1', '2', '3'];

const parts = process.argv.slice(2);
const steps = [
  ...MAJORS.map((major) => step(`soak on node ${major}`, 'scripts/soak.mjs', '--forks', '2000', '--node', major)),
  ...MAJORS.map((major) => step(`fidelity on node ${major}`, 'dist-test/fidelity/main.js', '--quiet', '--node', major)),
  step('fidelity of real tools', 'dist-test/tools/main.js'),
  ...SEEDS.map((seed) => step(`chaos with seed ${seed}`, 'scripts/chaos.mjs', '--seed', seed, '--calls', '5000')),
  step('fuzzing', 'scripts/fuzz.mjs'),
].filter(({ name }) => parts.length === 0 || parts.some((part) => name.startsWith(part)));
if (steps.length === 0) fail(`no step begins with ${parts.join(' or ')}`);

const ends = steps.map(({ name, words }) => {
  process.stdout.write(`=== ${name}\n`);
  const { status, signal } = spawnSync(process.execPath, withNode(words), { cwd: root, stdio: 'inherit' });
  return { name, end: signal ?? status };
});
process.stdout.write('=== all\n');
for (const { name, end } of ends)
  process.stdout.write(`${end === 0 ? 'ok' : 'not ok'} ${name}${end === 0 ? '' : `: ${end}`}\n`);
process.exitCode = ends.every(({ end }) => end === 0) ? 0 : 1;

function step(name, ...words) {
  return { name, words };
}

/** The word behind --node is a major: its newest release is installed beside the project's own modules. */
function withNode(words) {
  const at = words.indexOf('--node');
  return at < 0 ? words : [...words.slice(0, at + 1), nodeOf(words[at + 1])];
}

function nodeOf(major) {
  if (major === process.versions.node.split('.')[0]) return process.execPath;
  const name = `node-linux-${process.arch}`;
  const prefix = join(root, '.nodes', major);
  const node = join(prefix, 'node_modules', name, 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(prefix, { recursive: true });
  const install = [
    'install',
    '--silent',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--prefix',
    prefix,
    `${name}@${major}`,
  ];
  if (spawnSync('npm', install, { stdio: 'inherit' }).status !== 0) fail(`cannot install ${name}@${major}`);
  return node;
}

function fail(message) {
  process.stderr.write(`nightly: ${message}\n`);
  process.exit(1);
}
