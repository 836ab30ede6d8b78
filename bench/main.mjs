// npm run bench: what calls cost, as ratios to /bin/true and to plain node of the same run. docs/performance.md says what is measured.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/files.mjs';
import { writeDocs } from './docs.mjs';
import { aims, crowding, farBeyond, judge, limits } from './limits.mjs';
import { parseOptions } from './options.mjs';
import { measureCalls } from './parts/calls.mjs';
import { measureEslint } from './parts/eslint.mjs';
import { measureFirst } from './parts/first.mjs';
import { measureGrowth } from './parts/growth.mjs';
import { measureIdle } from './parts/idle.mjs';
import { measureMemory } from './parts/memory.mjs';
import { measurePrettier } from './parts/prettier.mjs';
import { measureStaleness } from './parts/staleness.mjs';
import { measureThroughput } from './parts/throughput.mjs';
import { measureVolley } from './parts/volley.mjs';
import { Place } from './place.mjs';
import { readRecorded, record } from './record.mjs';
import { reportNode } from './report.mjs';
import { digits } from './table.mjs';
import { buildTimer, stopTimer } from './timer.mjs';
import { findTools, installTools } from './tools.mjs';

const parts = {
  calls: measureCalls,
  eslint: measureEslint,
  prettier: measurePrettier,
  first: measureFirst,
  throughput: measureThroughput,
  volley: measureVolley,
  memory: measureMemory,
  growth: measureGrowth,
  idle: measureIdle,
  staleness: measureStaleness,
};
/** A test looks at what staleness measures (test/stale), and nothing has changed with growth that the others do not see. */
const partsOfShort = ['calls', 'eslint', 'first', 'throughput', 'memory', 'idle'];
const MOST_CROWDED = 1.5;

const options = parseOptions(Object.keys(parts));
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
try {
  if (options.record) record(options.record);
  else if (options['write-docs']) writeDocs(options['write-docs']);
  else await measure();
} catch (error) {
  fail(error.message);
}

async function measure() {
  buildTimer();
  if (!options.short) installTools();
  const settings = { ...options, tools: options.short ? {} : findTools() };
  const result = { ...describeMachine(), calls: options.calls, short: options.short, nodes: [] };
  for (const node of options.nodes) {
    if (interrupted) break;
    const measured = await measureNode(node, settings);
    result.nodes.push({ ...measured, limits: judge(limits, measured), aims: judge(aims, measured) });
    process.stdout.write(reportNode(measured));
    if (options.json) writeFileSync(options.json, `${JSON.stringify(result, rounded, 2)}\n`);
    if (interrupted) break;
    const crowded = crowding(measured) > MOST_CROWDED;
    if (crowded)
      say(
        `${measured.version}: the machine was busy: node -e 0 took ${digits(crowding(measured))} times its processor time`,
      );
    if (!options.short || crowded) continue;
    for (const line of farBeyond(readRecorded(), measured)) fail(`far beyond: ${line}`);
  }
}

/** A part that fails is said and left out: the others are still worth having. */
async function measureNode(node, settings) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const result = { version };
  for (const name of options.only ?? (options.short ? partsOfShort : Object.keys(parts))) {
    if (interrupted) break;
    const begun = Date.now();
    const place = new Place(node, version);
    try {
      result[name] = await parts[name](place, settings);
    } catch (error) {
      fail(`${version}, ${name}: ${error.message}`);
    } finally {
      for (const one of await place.leave()) fail(`${version}, ${name}: left over: ${one}`);
    }
    say(`${version}, ${name}: ${Math.round((Date.now() - begun) / 1000)} s`);
  }
  return result;
}

/** What is being measured is given up, so that no server stays behind. */
function interrupt() {
  interrupted = true;
  fail('interrupted');
  stopTimer();
}

function describeMachine() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const processors = cpus();
  return {
    version,
    date: new Date().toISOString().slice(0, 10),
    kernel: release(),
    processor: `${processors[0].model}, ${processors.length} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
  };
}

function rounded(_name, value) {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}

function fail(text) {
  say(text);
  process.exitCode = 1;
}

function say(text) {
  process.stderr.write(`bench: ${text}\n`);
}
