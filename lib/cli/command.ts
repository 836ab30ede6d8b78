/** What a command of `prefork` is made of. A capability brings its own; commands.ts lists them. */
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { ExitCode } from './failure.js';

/** What is to be done, once the whole command line has been read. */
export type Action = () => ExitCode | Promise<ExitCode>;

export interface Command {
  /** Adds the command to the parser, which calls `choose` with the action when the command line names it. */
  readonly define: (parser: Argv, choose: (action: Action) => void) => Argv;
}

/** How a command is written, and what it does. */
export interface Description<T> {
  /** Its name with its positional arguments in yargs' notation; then other names for it. */
  readonly usage: string | readonly string[];
  /** One line for the help text. */
  readonly describe: string;
  readonly options?: (parser: Argv) => Argv<T>;
  /** Returns the exit code, or throws a Failure. */
  readonly run: (args: ArgumentsCamelCase<T>) => ExitCode | Promise<ExitCode>;
}

/** A command from its description. */
export function defineCommand<T>({ usage, describe, options, run }: Description<T>): Command {
  const build = options ?? ((parser: Argv) => parser as Argv<T>);
  return {
    define: (parser, choose) =>
      parser.command(usage, describe, build, (args) => choose(() => run(args as ArgumentsCamelCase<T>))),
  };
}

/** The option of every command that prints facts. */
export const JSON_OPTION = { type: 'boolean', default: false, describe: 'as JSON' } as const;
