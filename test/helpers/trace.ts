/** What processes ask of the kernel. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './place.js';
import { waitFor } from './wait.js';

/** Why no process can be traced here: strace is missing, or not allowed to. */
export function whyNoTracing(): string | false {
  const { status, error, stderr } = spawnSync('strace', ['-o', '/dev/null', 'true'], { encoding: 'utf8' });
  return status === 0 ? false : `strace: ${error?.message ?? stderr.trim()}`;
}

/**
 * The words that start a program, and whatever it starts, so that something happens to a process in a system call: it is held up
 * (`delay_exit=MICROSECONDS`), or stopped when it is done (`signal=SIGSTOP`). The program keeps its number. The trace, signals included, goes to
 * the file `trace` of the current directory. strace itself ends with the last that it traces, and has the program's output open until then.
 */
export function interfering(call: string, how: string): string[] {
  const words = ['-e', `trace=${call}`, '-e', `inject=${call}:${how}`];
  return ['strace', '-D', '-f', '-qq', '-o', 'trace', '--seccomp-bpf', ...words];
}

/**
 * The system calls of these processes while something is done, a line each. Those that they fork are not followed: strace cannot let go
 * of one that waits for its vfork.
 *
 * @param calls which ones, as strace's option -e wants them.
 */
export async function traced(
  place: Place,
  pids: readonly number[],
  calls: string,
  act: () => Promise<unknown>,
): Promise<string> {
  const log = join(place.root, 'home', 'trace');
  const strace = spawn('strace', ['-o', log, '-e', `trace=${calls}`, ...pids.flatMap((pid) => ['-p', `${pid}`])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  strace.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const ended = once(strace, 'close');
  await waitFor('strace to attach', () => strace.exitCode !== null || said.split(' attached').length > pids.length);
  if (strace.exitCode !== null) throw new Error(`strace: ${said}`);
  await act();
  strace.kill('SIGINT');
  await ended;
  return readFileSync(log, 'utf8');
}
