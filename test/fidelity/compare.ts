/** Two outcomes side by side. */
import type { Outcome } from './run.js';

export const parts = ['end', 'stdout', 'stderr', 'files'] as const;
export type Part = (typeof parts)[number];

/** What no two runs have in common: their own number, in front of Node's warnings, and where code lies, in the trace of an abort. */
function normalise(text: string): string {
  return text.replace(/\(node:\d+\)/g, '(node:PID)').replace(/^( *\d+: )0x[\da-f]+ /gm, '$1ADDRESS ');
}

/** The parts in which they differ. */
export function differing(one: Outcome, other: Outcome): Part[] {
  return parts.filter((part) => normalise(one[part]) !== normalise(other[part]));
}

/** The first lines that differ, with the one before. */
export function describeDifference(part: Part, plain: Outcome, warm: Outcome): string {
  const [left, right] = [plain, warm].map((outcome) => normalise(outcome[part]).split('\n')) as [string[], string[]];
  let first = 0;
  while (first < left.length && left[first] === right[first]) first++;
  const from = Math.max(0, first - 1);
  const shown = (name: string, lines: string[]) =>
    lines.slice(from, first + LINES_SHOWN).map((line) => `      ${name} ${clip(line)}\n`);
  return [`    ${part}, from line ${from + 1} of ${left.length} and ${right.length}\n`]
    .concat(shown('plain', left), shown('warm ', right))
    .join('');
}

const LINES_SHOWN = 12;
const LONGEST_LINE = 300;

function clip(line: string): string {
  const text = JSON.stringify(line);
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}... (${line.length} characters)` : text;
}
