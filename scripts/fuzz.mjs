// Gives the parsers what nobody would send: npm run fuzz -- [--runs N] [--seed N] [NAME ...]
// Those in C run under libFuzzer with address and undefined-behaviour checks (native/fuzz), the information file's in JavaScript
// (fuzz/information.mjs). Each begins with its corpus, native/fuzz/corpus/NAME, and goes on with N inputs made from it: the same for the same seed.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './files.mjs';

const LONGEST_INPUT = 4096;
const corpora = join(root, 'native', 'fuzz', 'corpus');
const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const all = readdirSync(corpora).sort();
const unknown = positionals.find((name) => !all.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`fuzz: there is no ${unknown} (there are ${all.join(', ')})\n`);
  process.exit(2);
}

const place = mkdtempSync(join(tmpdir(), 'pfi-fuzz-'));
const waiting = (positionals.length > 0 ? positionals : all).filter(canRun);
let failed = build(waiting) ? 0 : 1;
if (failed === 0) await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, runner));
if (failed === 0) rmSync(place, { recursive: true });
process.exitCode = failed === 0 ? 0 : 1;

/** Only clang has libFuzzer, and Debian has that in a package of its own. */
function canRun(name) {
  if (name === 'information' || hasFuzzer()) return true;
  say(`${name}: skipped: clang is not installed, or its libFuzzer (Debian: clang, libclang-rt-dev)`);
  return false;
}

function hasFuzzer() {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const names = [`libclang_rt.fuzzer-${machine}.a`, 'libclang_rt.fuzzer.a'];
  const find = (name) => spawnSync('clang', [`-print-file-name=${name}`], { encoding: 'utf8' });
  return names.some((name) => isAbsolute(find(name).stdout ?? ''));
}

function build(names) {
  const drivers = names.filter((name) => name !== 'information');
  if (drivers.length === 0) return true;
  const targets = drivers.map((name) => `../build/fuzz/${name}`);
  const args = ['-s', '-j2', '-C', join(root, 'native', 'fuzz'), ...targets];
  return spawnSync('make', args, { stdio: 'inherit' }).status === 0;
}

async function runner() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await run(name);
}

/** A copy of the corpus, as libFuzzer adds to it what leads to new places. */
async function run(name) {
  const corpus = join(place, name);
  cpSync(join(corpora, name), corpus, { recursive: true });
  const begin = performance.now();
  const { end, said } = await execute(name, corpus);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  if (end === 0) return say(`${name}: ${values.runs} inputs in ${seconds} s, seed ${values.seed}`);
  failed++;
  say(`${name}: ended with ${end} after ${seconds} s\n${said}`);
  const inputs = readdirSync(place).filter((file) => file.startsWith(`${name}-`));
  for (const input of inputs) say(`again: ${driver(name).join(' ')} ${join(place, input)}`);
}

function driver(name) {
  return name === 'information'
    ? [process.execPath, join(root, 'scripts', 'fuzz', 'information.mjs')]
    : [join(root, 'native', 'build', 'fuzz', name)];
}

/** What it said is kept: of a driver that found nothing nobody wants to read. */
function execute(name, corpus) {
  const [program, ...words] = driver(name);
  const options = [`-runs=${values.runs}`, `-seed=${values.seed}`, `-max_len=${LONGEST_INPUT}`, '-detect_leaks=0'];
  const args = [...words, ...options, `-artifact_prefix=${join(place, `${name}-`)}`, corpus];
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    child.once('error', (error) => resolve({ end: error.message, said }));
    child.once('close', (code, signal) => resolve({ end: code ?? signal, said }));
  });
}

function say(text) {
  process.stdout.write(`fuzz: ${text}\n`);
}
