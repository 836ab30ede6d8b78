/** `prefork warm`: servers are started before anybody calls. */
import { spawnSync } from 'node:child_process';
import { defineCommand } from './command.js';
import { ExitCode, Failure } from './failure.js';
import { launcherWords } from './first-line.js';
import { findLauncher } from './launcher.js';
import { printable } from './printable.js';

export const warmCommand = defineCommand({
  usage: 'warm <script..>',
  describe: 'start the servers of scripts, and run nothing of them below initialisationComplete()',
  options: (parser) =>
    parser.positional('script', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'paths, as they are called',
    }),
  run: ({ script }) => {
    const done = script.map((one) => warmScript(String(one), process.cwd()));
    return done.every((isWarm) => isWarm) ? ExitCode.Done : ExitCode.None;
  },
});

/**
 * Has the launcher start a script's server, with this process's environment and terminals, and says so on stdout. Where that cannot be, the
 * launcher says why on stderr. Returns whether a process waits for calls now.
 *
 * @param directory the current directory of the calls that it is for
 * @param options of the launcher, before all others
 */
export function warmScript(script: string, directory: string, options = '--warm'): boolean {
  const { error, status } = spawnSync(findLauncher(), launcherWords(script, options), {
    cwd: directory,
    stdio: ['inherit', 'inherit', 'inherit'],
  });
  if (error !== undefined) throw new Failure(`cannot start the launcher: ${error.message}`);
  if (status === 0) process.stdout.write(`${printable(script)} is warm\n`);
  return status === 0;
}
