/** bench/recorded.json: what CI compares its short run with. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, limits } from './limits.mjs';

const path = join(import.meta.dirname, 'recorded.json');

export function readRecorded() {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Takes the values of a short run. CI machines are noisy, and so the factor is wide. */
export function record(file) {
  const { short, nodes } = JSON.parse(readFileSync(file, 'utf8'));
  if (!short)
    throw new Error(`${file} is not of a short run: its figures are of other numbers of calls and other neighbours`);
  const lines = judge(limits, nodes[0]).filter(({ value }) => value !== undefined);
  const values = Object.fromEntries(lines.map(({ id, value }) => [id, Number(value.toPrecision(3))]));
  writeFileSync(path, `${JSON.stringify({ ...readRecorded(), values }, null, 2)}\n`);
}
