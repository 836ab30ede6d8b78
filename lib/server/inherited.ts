/** Descriptors of the first caller that a launcher of version 1 lets through. */
import { type BigIntStats, closeSync, fstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import process from 'node:process';
import { isatty } from 'node:tty';
import type { Launch } from './launch.js';

/**
 * Closes them. Left open, a later `script <(command)` would read from the first caller's pipe, and whoever waits for the end of a pipe or
 * for a lock would wait as long as the server lives. The parent is the launcher, which has them as well: what is open there and here under
 * one number and is one file was inherited. To be called while the launcher is the parent.
 */
export function closeInherited({ listener, firstCall, watcherIn, watcherError }: Launch): void {
  const ours = new Set([0, 1, 2, listener, firstCall, watcherIn, watcherError]);
  for (const descriptor of readdirSync('/proc/self/fd').map(Number)) {
    if (!ours.has(descriptor) && isParents(descriptor)) closeSync(descriptor);
  }
}

function isParents(descriptor: number): boolean {
  try {
    // All epoll instances, event counters and such are one file by their numbers; so is /dev/null, which keeps nobody waiting.
    if (readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('anon_inode:')) return false;
    const here = fstatSync(descriptor, { bigint: true });
    if (here.isCharacterDevice() && !isatty(descriptor)) return false;
    return isSameFile(here, statSync(`/proc/${process.ppid}/fd/${descriptor}`, { bigint: true }));
  } catch {
    // Closed meanwhile, or not open there.
    return false;
  }
}

function isSameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}
