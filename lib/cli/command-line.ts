/** The command line of `prefork`, read with yargs. */
import yargs from 'yargs';
import { Failure } from './failure.js';

/** What the user asked for. */
export type Command = LsCommand | StopCommand | WhyCommand | LogsCommand | InstallCommand | UninstallCommand;

/** `prefork ls` */
export interface LsCommand {
  readonly name: 'ls';
  /** JSON instead of a table. */
  readonly json: boolean;
}

/** `prefork stop`: every server, or those that any of the targets (a script's path, the beginning of an ident) names. */
export type StopCommand =
  | { readonly name: 'stop'; readonly what: 'all' }
  | { readonly name: 'stop'; readonly what: 'some'; readonly targets: readonly [string, ...string[]] };

/** `prefork why` */
export interface WhyCommand {
  readonly name: 'why';
  readonly script: string;
  readonly json: boolean;
}

/** `prefork logs` */
export interface LogsCommand {
  readonly name: 'logs';
  /** Goes on with what comes. */
  readonly follow: boolean;
  /** Only lines of this script. */
  readonly script: string | undefined;
}

/** `prefork install` */
export interface InstallCommand {
  readonly name: 'install';
  /** Instead of the usual one. */
  readonly prefix: string | undefined;
}

/** `prefork uninstall` */
export interface UninstallCommand {
  readonly name: 'uninstall';
  readonly prefix: string | undefined;
}

/**
 * Reads the arguments after the program's own name. `undefined` when yargs has printed help or version and nothing is left
 * to do. Throws a Failure when they make no sense.
 */
export async function parseCommandLine(args: string[], version: string): Promise<Command | undefined> {
  let command: Command | undefined;
  await yargs(args)
    .scriptName('prefork')
    .usage('$0 COMMAND\n\nLists and stops the servers that prefork-interp keeps for your scripts.')
    .command(
      ['ls', 'list'],
      'list the servers',
      (parser) => parser.option('json', { type: 'boolean', default: false, describe: 'as a JSON array' }),
      ({ json }) => {
        command = { name: 'ls', json };
      },
    )
    .command(
      'stop [target..]',
      'stop servers; calls that are running go on to their end',
      (parser) =>
        parser
          .positional('target', {
            type: 'string',
            array: true,
            default: [] as string[],
            describe: "a script's path, or (the beginning of) an ident that ls shows",
          })
          .option('all', { type: 'boolean', default: false, describe: 'every server of this user' }),
      ({ target, all }) => {
        command = stopCommand(target.map(String), all);
      },
    )
    .command(
      'why <script> [arguments..]',
      'tell which server answers a script, and what others of it differ in',
      (parser) =>
        parser
          .positional('script', { type: 'string', demandOption: true, describe: 'its path, as it is called' })
          .positional('arguments', { type: 'string', array: true, describe: 'they do not matter' })
          .option('json', { type: 'boolean', default: false, describe: 'as a JSON object' }),
      ({ script, json }) => {
        command = { name: 'why', script, json };
      },
    )
    .command(
      'logs [script]',
      'print what servers had to say: starts, reloads, ends, failures',
      (parser) =>
        parser
          .positional('script', { type: 'string', describe: 'only of this script' })
          .option('follow', { alias: 'f', type: 'boolean', default: false, describe: 'go on with what comes' }),
      ({ script, follow }) => {
        command = { name: 'logs', follow, script };
      },
    )
    .command(
      'install',
      'copy the launcher to where #! can name it, and print that line',
      (parser) => parser.option('prefix', PREFIX_OPTION),
      ({ prefix }) => {
        command = { name: 'install', prefix };
      },
    )
    .command(
      'uninstall',
      'take away what install has put there',
      (parser) => parser.option('prefix', PREFIX_OPTION),
      ({ prefix }) => {
        command = { name: 'uninstall', prefix };
      },
    )
    .demandCommand(1, 'say what to do: ls, stop, why, logs, install or uninstall (prefork --help tells more)')
    .strict()
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .locale('en')
    .version(version)
    .epilogue('Exit status: 0 done, 1 nothing to stop, or not done, 2 wrong usage or unusable run directory.')
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Failure(message.replaceAll('\n', ' '));
    })
    .parseAsync();
  return command;
}

/** Given more than once, the last counts, as with most programs. */
const PREFIX_OPTION = {
  type: 'string',
  coerce: (value: string | string[]) => (Array.isArray(value) ? value.at(-1) : value),
  describe: 'the launcher goes to its bin/ [/usr/local for root, else ~/.local]',
} as const;

function stopCommand(targets: string[], all: boolean): StopCommand {
  const [first, ...rest] = targets;
  if (all && first !== undefined) throw new Failure('stop: name targets or give --all, not both');
  if (all) return { name: 'stop', what: 'all' };
  if (first === undefined) throw new Failure('stop: name a script or an ident, or give --all');
  return { name: 'stop', what: 'some', targets: [first, ...rest] };
}
