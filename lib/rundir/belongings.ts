/** Which processes belong to a server. */
import { readdirSync, readlinkSync } from 'node:fs';
import { type ProcessIdentity, readStat } from './process.js';

/** What the programs that can be a watcher are called. */
const WATCHER_NAMES: readonly string[] = ['node', 'MainThread', 'prefork-interp'];

/**
 * The server itself, its spares and running calls with their monitors and whatever they have started, and its watcher.
 *
 * @param servers of one user
 * @returns the numbers of their processes, in the order of the servers. All of /proc is read once.
 */
export function listBelongings(servers: readonly ProcessIdentity[]): number[][] {
  if (servers.length === 0) return []; // Other systems have no /proc, and no servers.
  const parents = new Map<number, number>();
  const possible: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const found = Number.isInteger(pid) ? readStat(pid) : undefined;
    if (found === undefined) continue;
    parents.set(pid, found.parent);
    if (WATCHER_NAMES.includes(found.name)) possible.push(pid);
  }
  const inputs = new Map(possible.map((pid) => [pid, readLink(`/proc/${pid}/fd/0`)]));
  return servers.map(({ pid }) => {
    const pipes = listPipes(pid);
    const watchers = possible.filter((one) => one !== pid && pipes.has(inputs.get(one) ?? ''));
    return [...new Set([...listDescendants(pid, parents), ...watchers])];
  });
}

function listDescendants(root: number, parents: ReadonlyMap<number, number>): number[] {
  const children = [...parents].filter(([, parent]) => parent === root).map(([pid]) => pid);
  return [root, ...children.flatMap((pid) => listDescendants(pid, parents))];
}

/** The server holds the other end of what its watcher reads. */
function listPipes(pid: number): Set<string> {
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return new Set();
  }
  const links = names.map((name) => readLink(`/proc/${pid}/fd/${name}`));
  return new Set(links.filter((link) => link?.startsWith('pipe:') === true) as string[]);
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
