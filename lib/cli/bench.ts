/** `prefork bench`: a script of the user's, plain and through the launcher, in turns. */

import { describeMeasured } from './bench/describe.js';
import { type Measured, measure } from './bench/measure.js';
import { defineCommand, JSON_OPTION } from './command.js';
import { ExitCode, Failure } from './failure.js';
import { printable } from './printable.js';

export const benchCommand = defineCommand({
  usage: 'bench <script> [arguments..]',
  describe: 'time a script of yours: plain, first and warm, in turns; it really runs, some thirty times',
  options: (parser) =>
    parser
      .positional('script', { type: 'string', demandOption: true, describe: 'its path' })
      .positional('arguments', { type: 'string', array: true, default: [] as string[], describe: 'what it is given' })
      .option('rounds', { type: 'string', default: '10', requiresArg: true, describe: 'how many of each' })
      .option('json', JSON_OPTION)
      .parserConfiguration({
        'unknown-options-as-args': true,
        'parse-numbers': false,
        'parse-positional-numbers': false,
      }),
  run: (args) => bench(args.script, args.arguments.map(String), countOf(args.rounds), args.json),
});

function countOf(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Failure(`bench: not a number of rounds: ${printable(text)}`);
  return Number(text);
}

function bench(script: string, args: readonly string[], rounds: number, json: boolean): ExitCode {
  const progress = (text: string) => {
    if (process.stderr.isTTY) process.stderr.write(text === '' ? '\r\x1b[K' : `\r\x1b[K${text}`);
  };
  let measured: Measured;
  try {
    measured = measure(script, args, rounds, progress);
  } finally {
    progress('');
  }
  process.stdout.write(json ? `${JSON.stringify(measured, null, 2)}\n` : describeMeasured(script, measured));
  return ExitCode.Done;
}
