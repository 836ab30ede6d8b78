/** The servers of a run directory. */
import { type Information, readInformation } from './information.js';
import { listIdents } from './names.js';
import { isAlive } from './process.js';

/** A server that is there now. */
export interface Server extends Information {
  readonly ident: string;
  /** The run directory it serves in. */
  readonly directory: string;
}

/** The servers that are alive, the oldest first. Information that a server left behind when it was killed is skipped. */
export function listServers(directory: string): Server[] {
  return listIdents(directory, 'information')
    .flatMap((ident) => {
      const information = readInformation(directory, ident);
      return information !== undefined && isAlive(information) ? [{ ...information, ident, directory }] : [];
    })
    .sort((one, other) => one.since.getTime() - other.since.getTime());
}
