/** The management command, `prefork`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../here.js';
import { parseCommandLine } from './command-line.js';
import { ExitCode, Failure } from './failure.js';
import { installLauncher } from './install.js';
import { printLog } from './logs.js';
import { printServers } from './ls.js';
import { stopServers } from './stop.js';
import { uninstallLauncher } from './uninstall.js';
import { explainScript } from './why.js';

/** A pipe whose reader has seen enough is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await run();

async function run(): Promise<ExitCode> {
  try {
    const command = await parseCommandLine(process.argv.slice(2), version());
    switch (command?.name) {
      case 'ls':
        printServers(command);
        return ExitCode.Done;
      case 'stop':
        return await stopServers(command);
      case 'why':
        explainScript(command);
        return ExitCode.Done;
      case 'logs':
        return await printLog(command);
      case 'install':
        return installLauncher(command, version());
      case 'uninstall':
        return uninstallLauncher(command);
      case undefined:
        return ExitCode.Done;
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`prefork: ${error.message}\n`);
    return error.exitCode;
  }
}

function version(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return version;
}
