/** The management command, `prefork`. */
import { initialisationComplete } from '../index.js';
import { parseCommandLine } from './command-line.js';
import { commands } from './commands.js';
import { ExitCode, Failure } from './failure.js';
import { packageVersion } from './version.js';

/** Its own server (bin/prefork) leaves sooner than those of scripts: nobody calls this a hundred times an hour. */
const IDLE_SECONDS = 300;

initialisationComplete({ idleTimeout: IDLE_SECONDS, spares: 1, logFacility: 'none' });

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
