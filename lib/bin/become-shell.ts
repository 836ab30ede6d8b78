/**
 * bin/prefork-interp was started with node: Yarn 4 starts every bin so, whatever its first line says, unless it is a machine program. This process becomes
 * the shell that the file was written for. Node 20 cannot become another program, nor can any Node on Windows: there the shell is a child.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../here.js';

/** These a terminal sends to all processes of its foreground, so to the child as well. It decides. */
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT'] as const;
const FROM_PROCESSES = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;

const words = [join(packageRoot, 'bin', 'prefork-interp'), ...process.argv.slice(2)];
const { execve } = process as { execve?: (file: string, words: string[]) => never };
if (execve !== undefined && process.platform !== 'win32') execve('/bin/sh', ['sh', ...words]);
else runShell();

function runShell(): void {
  const child = spawn(process.platform === 'win32' ? 'sh' : '/bin/sh', words, { stdio: 'inherit' });
  for (const signal of FROM_TERMINAL) process.on(signal, () => {});
  for (const signal of FROM_PROCESSES) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`prefork-interp: cannot start a shell: ${error.message}\n`);
    process.exitCode = 127;
  });
  child.once('exit', (code, signal) => {
    process.removeAllListeners();
    if (signal === null) process.exitCode = code ?? 127;
    else process.kill(process.pid, constants.signals[signal]);
  });
}
