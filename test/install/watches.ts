/** The watcher that is part of the launcher. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../helpers/index.js';

/** The launcher's own watcher goes by the command line of the call that started it, and watches with inotify. */
export function watchesItself(place: Place): boolean {
  return place.processes().some(({ pid, command }) => command.includes('prefork-interp -U') && holdsInotify(pid));
}

function holdsInotify(pid: number): boolean {
  try {
    const folder = `/proc/${pid}/fdinfo`;
    return readdirSync(folder).some((name) => readFileSync(join(folder, name), 'utf8').includes('inotify wd:'));
  } catch {
    return false;
  }
}
