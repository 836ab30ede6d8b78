/** What `prefork bench` prints. */
import { printable } from '../printable.js';
import type { Measured } from './measure.js';

const BAR_WIDTH = 40;

/** A bar a way, how much faster a warm call is, and where the time of a plain run goes. */
export function describeMeasured(script: string, measured: Measured): string {
  const { nothing, node, plain, first, warm, cold, rounds } = measured;
  const rows: [name: string, milliseconds: number][] = [
    ['plain', plain],
    ['first', first],
    ['warm', warm],
    ['node -e 0', node],
    ['true', nothing],
  ];
  const longest = Math.max(...rows.map(([, milliseconds]) => milliseconds));
  const bars = rows.map(([name, milliseconds]) => {
    const bar = '█'.repeat(Math.max(1, Math.round((milliseconds / longest) * BAR_WIDTH)));
    return `  ${name.padEnd(9)} ${milliseconds.toFixed(1).padStart(8)} ms  ${bar}`;
  });
  return [
    `${printable(script)}, medians of ${rounds}`,
    '',
    ...bars,
    '',
    cold === null ? gain(plain, first, warm) : `calls are not warm: ${printable(cold)}`,
    ...(cold === null ? shares(measured) : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function gain(plain: number, first: number, warm: number): string {
  return `a warm call is ${(plain / warm).toFixed(1)} times as fast as a plain run; a first call takes ${(first / plain).toFixed(2)} of one`;
}

/**
 * A warm call is what starts any program, and the work below the call. What a plain run takes beyond that and Node's own start is the
 * initialisation.
 */
function shares({ plain, node, warm, nothing }: Measured): string[] {
  const below = Math.max(0, warm - nothing);
  const above = Math.max(0, plain - node - below);
  const parts = [
    ['Node itself', node],
    ['above the call', above],
    ['below the call', below],
  ] as const;
  const told = parts.map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(1)}`).join(', ');
  const advice =
    below > above + node
      ? ['most of the time is work below the call: what does not depend on the call may move above it']
      : [];
  return [`of a plain run's ${plain.toFixed(1)} ms: ${told}`, ...advice];
}
