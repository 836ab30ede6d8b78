// npm run bench: what calls cost, as ratios to /bin/true and to plain node of the same run. docs/performance.md says what is measured.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { root } from '../scripts/files.mjs';
import { parseOptions } from './options.mjs';
import { measureCalls } from './parts/calls.mjs';
import { Place } from './place.mjs';
import { reportNode } from './report.mjs';
import { buildTimer } from './timer.mjs';
import { findTools, installTools } from './tools.mjs';

const parts = { calls: measureCalls };
const options = parseOptions(Object.keys(parts));
await measure();

async function measure() {
  buildTimer();
  if (!options.short) installTools();
  const settings = { ...options, tools: options.short ? {} : findTools() };
  const result = { ...describeMachine(), calls: options.calls, short: options.short, nodes: [] };
  for (const node of options.nodes) {
    const measured = await measureNode(node, settings);
    result.nodes.push(measured);
    process.stdout.write(reportNode(measured));
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(result, rounded, 2)}\n`);
}

/** A part that fails is said and left out: the others are still worth having. */
async function measureNode(node, settings) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const result = { version };
  for (const name of options.only ?? Object.keys(parts)) {
    const begun = Date.now();
    const place = new Place(node, version);
    try {
      result[name] = await parts[name](place, settings);
    } catch (error) {
      say(`${version}, ${name}: ${error.message}`);
      process.exitCode = 1;
    } finally {
      for (const one of await place.leave()) {
        say(`${version}, ${name}: left over: ${one}`);
        process.exitCode = 1;
      }
    }
    say(`${version}, ${name}: ${Math.round((Date.now() - begun) / 1000)} s`);
  }
  return result;
}

function describeMachine() {
  const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  const [processor] = cpus();
  return {
    version,
    date: new Date().toISOString().slice(0, 10),
    kernel: release(),
    processor: `${processor.model}, ${cpus().length} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
  };
}

function rounded(_name, value) {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}

function say(text) {
  process.stderr.write(`bench: ${text}\n`);
}
