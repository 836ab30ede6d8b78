import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** A path with its links followed. What is gone keeps its name: its server, and its lines in the log, may still be there. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
