/** The exit codes of `prefork`. */
export const ExitCode = {
  /** It is done. `ls` without servers is done too. */
  Done: 0,
  /** What was asked for was not there, or could not be done. */
  None: 1,
  /** The command line does not make sense, or the run directory may not be used. */
  Usage: 2,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Ends the command with one line on stderr. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = ExitCode.Usage,
  ) {
    super(message);
  }
}
