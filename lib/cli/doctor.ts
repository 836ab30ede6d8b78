/** `prefork doctor`: whether scripts can be warm here, and what to do where they cannot. */
import { defineCommand, JSON_OPTION } from './command.js';
import type { Finding } from './doctor/finding.js';
import { checkFork } from './doctor/fork.js';
import { checkLauncher, checkNode, checkVariables } from './doctor/installation.js';
import { checkDescriptors, checkInotify, checkMemory, checkProcesses } from './doctor/limits.js';
import { checkLog, checkRunDirectoryOf } from './doctor/places.js';
import { ExitCode } from './failure.js';
import { printable } from './printable.js';
import { hasColours } from './table.js';

export const doctorCommand = defineCommand({
  usage: 'doctor',
  describe: 'check that scripts can be warm here, and say what to do where they cannot',
  options: (parser) => parser.option('json', JSON_OPTION),
  run: ({ json }) => examine(json),
});

/** The status is 1 where a finding is not fine. */
function examine(json: boolean): ExitCode {
  const findings = [
    checkNode(),
    ...checkLauncher(),
    ...checkVariables(),
    checkRunDirectoryOf(process.env),
    checkLog(),
    checkInotify(),
    checkProcesses(),
    checkDescriptors(),
    checkMemory(),
    checkFork(),
  ];
  process.stdout.write(json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(toText).join(''));
  return findings.every(({ state }) => state === 'fine') ? ExitCode.Done : ExitCode.None;
}

const MARKS = { fine: ['ok', '\x1b[32m'], doubtful: ['!!', '\x1b[33m'], broken: ['XX', '\x1b[31m'] } as const;

function toText({ state, what, found, remedy }: Finding): string {
  const [mark, colour] = MARKS[state];
  const shown = hasColours(process.stdout) ? `${colour}${mark}\x1b[0m` : mark;
  const advice = remedy === '' ? '' : `\n   ${' '.repeat(WHAT_WIDTH)}  -> ${printable(remedy)}`;
  return `${shown} ${what.padEnd(WHAT_WIDTH)}  ${printable(found)}${advice}\n`;
}

const WHAT_WIDTH = 14;
