// The information file, under changed inputs: information.mjs [-runs=N] [-seed=N] [-artifact_prefix=PATH] FILE|FOLDER ..., with libFuzzer's words.
// Whatever stands there, reading it gives nothing, or what the types of lib/rundir/information.ts promise; and prefork ls can print that.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { parseInformation } from '../../dist/rundir/index.js';
import { generator } from '../soak/generator.mjs';

const PIECES = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  'null',
  '1e999',
  '-1',
  '\\u0000',
  '\0',
  '"version":1',
  '9007199254740993',
  '{}',
  '[]',
  '"/"',
  '\n7 1\n',
];

const options = new Map(
  process.argv
    .slice(2)
    .filter((word) => word.startsWith('-'))
    .map((word) => word.slice(1).split('=', 2)),
);
const paths = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const seeds = paths.flatMap(filesOf).map((path) => readFileSync(path, 'latin1'));
const random = generator(Number(options.get('seed') ?? 1));
const below = (n) => random() % n;
const one = (list) => list[below(list.length)];
for (const text of seeds) check(text);
for (let run = Number(options.get('runs') ?? 0); run > 0; run--) check(change(one(seeds)));

function filesOf(path) {
  return statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .map((name) => join(path, name))
    : [path];
}

function change(text) {
  let changed = text;
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(changed.length + 1);
    const end = Math.min(changed.length, at + below(12));
    const way = below(5);
    const put =
      way === 0 ? '' : way === 1 ? String.fromCharCode(below(256)) : way === 2 ? one(PIECES) : cut(one(seeds));
    changed = changed.slice(0, at) + put + changed.slice(way === 4 ? at : end);
  }
  return changed;
}

function cut(text) {
  const at = below(text.length + 1);
  return text.slice(at, at + below(30));
}

function check(text) {
  try {
    const found = parseInformation(text);
    if (found !== undefined && !isRight(found)) throw new Error(`taken for right: ${JSON.stringify(found)}`);
  } catch (error) {
    const path = `${options.get('artifact_prefix') ?? './'}${Date.now()}`;
    writeFileSync(path, text, 'latin1');
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  }
}

function isRight({ pid, startTime, script, interpreter, nodeVersion, since, cwd, parts, files, calls, running }) {
  const natural =
    [pid, startTime, files, calls, running].every((value) => Number.isSafeInteger(value) && value >= 0) && pid > 0;
  const absolute = [script, interpreter, cwd].every((path) => isAbsolute(path) && !path.includes('\0'));
  const texts = [nodeVersion, ...parts].every((text) => typeof text === 'string');
  return natural && absolute && texts && since.toISOString().length > 0;
}
