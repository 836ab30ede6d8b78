/** Whether someone holds a file under flock: Node cannot ask for such a lock, but the kernel lists them. */
import { readFileSync, statSync } from 'node:fs';

/**
 * Whether any process seems to hold a flock lock on the file. A file that is not there is not locked. Files are compared by
 * their inode alone, since the kernel's list names a device that some file systems do not show to stat; so a lock on
 * another file may be taken for one on this.
 */
export function isLocked(path: string): boolean {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return false;
  const locks = readFileSync('/proc/locks', 'utf8').matchAll(/ FLOCK .*:(\d+) /g);
  return [...locks].some(([, inode]) => Number(inode) === file.ino);
}
