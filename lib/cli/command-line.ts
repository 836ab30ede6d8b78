/** The command line of `prefork`, read with yargs. */
import yargs, { type Argv } from 'yargs';
import type { Action, Command } from './command.js';
import { Failure } from './failure.js';
import { printable } from './printable.js';

/**
 * Reads the arguments after the program's own name. Returns what is to be done; `undefined` when yargs has printed help or version and
 * nothing is left to do. Throws a Failure when they make no sense.
 */
export async function parseCommandLine(
  args: readonly string[],
  version: string,
  commands: readonly Command[],
): Promise<Action | undefined> {
  let chosen: Action | undefined;
  const parser = buildParser(args, version);
  for (const { define } of commands)
    define(parser, (action) => {
      chosen = action;
    });
  await parser.parseAsync();
  return chosen;
}

function buildParser(args: readonly string[], version: string): Argv {
  return yargs([...args])
    .scriptName('prefork')
    .usage('$0 COMMAND\n\nShows and manages the servers that prefork-interp keeps for your scripts.')
    .demandCommand(1, 'say what to do: ls, stop, why or another command (prefork --help lists them)')
    .recommendCommands()
    .strict()
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .locale('en')
    .alias('h', 'help')
    .version(version)
    .alias('v', 'version')
    .epilogue('Exit status: 0 done, 1 not there, or not done, 2 wrong usage or unusable run directory.')
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Failure(asOneLine(message, args));
    });
}

/** yargs says "Did you mean ls?" without the word that it did not know. */
function asOneLine(message: string, args: readonly string[]): string {
  const line = message.replaceAll('\n', ' ');
  const word = args.find((one) => !one.startsWith('-')) ?? '';
  return line.replace(
    /^Did you mean (.*)\?$/,
    (_, similar) => `no command ${printable(word)}: did you mean ${similar}?`,
  );
}
