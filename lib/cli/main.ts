/** The management command, `prefork`. */
import { parseCommandLine } from './command-line.js';
import { commands } from './commands.js';
import { ExitCode, Failure } from './failure.js';
import { packageVersion } from './version.js';

/** A pipe whose reader has seen enough is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await run();

async function run(): Promise<ExitCode> {
  try {
    const action = await parseCommandLine(process.argv.slice(2), packageVersion(), commands);
    return (await action?.()) ?? ExitCode.Done;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`prefork: ${error.message}\n`);
    return error.exitCode;
  }
}
