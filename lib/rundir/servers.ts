/** The servers of a run directory. */
import { lstatSync } from 'node:fs';
import { type Information, readInformation } from './information.js';
import { entryPath, listIdents } from './names.js';
import { isAlive } from './process.js';

/** A server that is there now. */
export interface Server extends Information {
  readonly ident: string;
  /** The run directory it serves in. */
  readonly directory: string;
  /** When a call last began or ended: a server that notes nothing (chiark's) has the time of its start. */
  readonly lastUse: Date;
}

/** The servers that are alive, the oldest first. Information that a server left behind when it was killed is skipped. */
export function listServers(directory: string): Server[] {
  return listIdents(directory, 'information')
    .flatMap((ident) => {
      const information = readInformation(directory, ident);
      const file = lstatSync(entryPath(directory, 'information', ident), { throwIfNoEntry: false });
      if (information === undefined || file === undefined || !isAlive(information)) return [];
      return [{ ...information, ident, directory, lastUse: file.mtime }];
    })
    .sort((one, other) => one.since.getTime() - other.since.getTime());
}
