/** Times commands with the C program beside this file. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { summarise } from './statistics.mjs';

const source = join(import.meta.dirname, 'spawn.c');
const program = join(import.meta.dirname, 'build', 'spawn');

export function buildTimer() {
  if (modified(program) > modified(source)) return;
  mkdirSync(join(import.meta.dirname, 'build'), { recursive: true });
  const options = ['-std=gnu17', '-Wall', '-Wextra', '-Werror', '-O2', '-pthread'];
  const { error, status } = spawnSync(process.env.CC ?? 'cc', [...options, '-o', program, source], {
    stdio: 'inherit',
  });
  if (error || status !== 0) throw new Error('the timer could not be built: a C compiler is needed');
}

/**
 * Each command in each round, in an order that changes.
 *
 * @param {Record<string, Command>} commands
 *   Command: { words, input, output: 'pipe' (if not given) or 'null', variables, after }
 * @returns by the same names { calls, median, p90, least, cpu }: milliseconds; cpu is the median of user and system time.
 */
export async function alternate(place, commands, { rounds, burst = 1, gapMs = 0 }) {
  return await timeInTurns(place, ['alternate', rounds, burst, Math.round(gapMs * 1000)], commands);
}

/** As alternate, one call a turn: all samples of each name, in order, each { ns, cpu }; cpu in microseconds. */
export async function samplesInTurns(place, commands, { rounds, gapMs }) {
  const names = Object.keys(commands);
  const words = [
    'alternate',
    rounds,
    1,
    Math.round(gapMs * 1000),
    ...names.flatMap((name) => describe(commands[name])),
  ];
  const lines = await time(place, words);
  const samplesOf = (index) => lines.filter(([of]) => of === index).map(([, ns, cpu]) => ({ ns, cpu }));
  return Object.fromEntries(names.map((name, index) => [name, samplesOf(index)]));
}

async function timeInTurns(place, words, commands) {
  const names = Object.keys(commands);
  const lines = await time(place, [...words, ...names.flatMap((name) => describe(commands[name]))]);
  return Object.fromEntries(names.map((name, index) => [name, summariseSamples(lines.filter(([of]) => of === index))]));
}

/** Callers at once for some seconds; returns the same with `perSecond`. */
export async function together(place, command, { clients, seconds }) {
  const lines = await time(place, ['together', clients, seconds, ...describe(command)]);
  return { ...summariseSamples(lines), perSecond: lines.length / seconds };
}

/** As alternate, but each is `clients` calls at once, and the figures are those of all: how long until the last has ended. */
export async function volley(place, commands, { rounds, clients, gapMs }) {
  return await timeInTurns(place, ['volley', rounds, clients, Math.round(gapMs * 1000)], commands);
}

function describe({ words, input, output = 'pipe', variables = {}, after }) {
  return [
    ':run:',
    ...(input === undefined ? [] : [`<${input}`]),
    ...(output === 'null' ? ['>null'] : []),
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    ...words,
    ...(after === undefined ? [] : [':after:', ...after]),
  ];
}

let running;

/** What is being timed then fails. */
export function stopTimer() {
  running?.kill();
}

/** Whatever a command says on standard error ends the run: a call was not what it should have been. */
async function time(place, args) {
  const errors = join(place.root, 'home', 'timer-errors');
  const fd = openSync(errors, 'w');
  const child = spawn(program, args.map(String), { cwd: place.work, env: place.env, stdio: ['ignore', 'pipe', fd] });
  closeSync(fd);
  running = child;
  const [output, [status, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const complaint = readFileSync(errors, 'utf8').trim();
  if (status !== 0 || complaint) throw new Error(complaint || `the timer ended with ${signal ?? status}`);
  return parse(output);
}

function parse(output) {
  return output
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ').map(Number));
}

function summariseSamples(lines) {
  if (lines.length === 0) return undefined;
  const cpu = summarise(lines.map(([, , microseconds]) => microseconds / 1000)).median;
  return { ...summarise(lines.map(([, nanoseconds]) => nanoseconds / 1e6)), cpu };
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
