/** The command line of the bench. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/files.mjs';

const usage = `npm run bench -- [option ...]
  --short            what CI runs: one Node, few calls, no other programs; fails where a figure is far beyond bench/recorded.json
  --node PATH        a Node to measure with; may be repeated (else the one that runs this, and those in .nodes/)
  --only PART        one part; may be repeated: PARTS
  --calls N          timed calls of each program (else 200)
  --json FILE        writes all figures
  --record FILE      takes the figures of FILE, written by --short --json, for bench/recorded.json; measures nothing
  --write-docs FILE  takes the figures of FILE, written by --json, for README and docs/; measures nothing
`;

export function parseOptions(parts) {
  const { values } = parse(parts);
  const unknown = (values.only ?? []).find((name) => !parts.includes(name));
  if (unknown !== undefined) fail(`no such part: ${unknown}`, parts);
  const calls = Number(values.calls ?? (values.short ? 40 : 200));
  if (!Number.isInteger(calls) || calls < 1) fail('--calls takes a number', parts);
  const missing = (values.node ?? []).find((path) => !existsSync(path));
  if (missing !== undefined) fail(`no such Node: ${missing}`, parts);
  const nodes = values.node ?? (values.short ? [process.execPath] : presentNodes());
  return { ...values, calls, nodes: [...new Set(nodes.map((path) => realpathSync(path)))] };
}

function parse(parts) {
  const text = { type: 'string' };
  try {
    return parseArgs({
      options: {
        short: { type: 'boolean', default: false },
        node: { ...text, multiple: true },
        only: { ...text, multiple: true },
        calls: text,
        json: text,
        record: text,
        'write-docs': text,
      },
    });
  } catch (error) {
    return fail(error.message, parts);
  }
}

/** This one, and those that .ci/run puts into .nodes/. */
function presentNodes() {
  const folder = join(root, '.nodes');
  const majors = existsSync(folder) ? readdirSync(folder).sort() : [];
  const others = majors.map((major) =>
    join(folder, major, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node'),
  );
  return [process.execPath, ...others.filter(existsSync)];
}

function fail(message, parts) {
  process.stderr.write(`bench: ${message}\n${usage.replace('PARTS', parts.join(', '))}`);
  process.exit(2);
}
