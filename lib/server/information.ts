/** The information file of a server, for `prefork ls`, `prefork stop` and `prefork why`. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import process from 'node:process';
import type { Name } from '../addon.js';

/** The last line: calls served, calls that run. The server writes others over it (native/addon/activity.c). */
const NO_CALLS = `${'0'.repeat(10)} ${'0'.repeat(6)}\n`;

/** Writes it beside the socket. A server without one serves as well; it is just not listed. */
export function writeInformation({ path: socket, parts, files }: Name, script: string): void {
  if (socket === null || !basename(socket).startsWith('s')) return;
  const path = `${dirname(socket)}/i${basename(socket).slice(1)}`;
  try {
    const information = {
      version: 1,
      pid: process.pid,
      startTime: startTime(),
      script,
      interpreter: process.execPath,
      nodeVersion: process.version,
      since: new Date().toISOString(),
      cwd: process.cwd(),
      parts: parts.split('\n').slice(0, -1),
      files,
    };
    writeFileSync(`${path}.new`, `${JSON.stringify(information)}\n${NO_CALLS}`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch {
    // A full disk or a vanished directory: the calls matter more.
  }
}

/** When this process started, in clock ticks since boot: with the pid it names a process for good. */
function startTime(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(afterName[19]);
}
