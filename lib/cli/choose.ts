/** Which servers the user means. */
import { resolve } from 'node:path';
import type { Server } from '../rundir/index.js';
import { Failure } from './failure.js';
import { realPath } from './real-path.js';

/** What the targets name, and those that name nothing. */
export interface Choice {
  readonly servers: readonly Server[];
  readonly unmatched: readonly string[];
}

/**
 * A target is the path of a script (as given or with its links followed; all servers of it are meant) or else the
 * beginning of an ident, which must name one server. Throws a Failure when it names several.
 */
export function chooseServers(servers: readonly Server[], targets: readonly string[]): Choice {
  const found = targets.map((target) => [target, match(servers, target)] as const);
  return {
    servers: [...new Set(found.flatMap(([, matched]) => matched))],
    unmatched: found.filter(([, matched]) => matched.length === 0).map(([target]) => target),
  };
}

function match(servers: readonly Server[], target: string): readonly Server[] {
  const paths = new Set([resolve(target), realPath(target)]);
  const byScript = servers.filter(({ script }) => paths.has(script) || paths.has(realPath(script)));
  if (byScript.length > 0) return byScript;

  const byIdent = servers.filter(({ ident }) => ident.startsWith(target));
  const exact = byIdent.filter(({ ident }) => ident === target);
  if (exact.length > 0) return exact;
  if (byIdent.length > 1) throw new Failure(`${target} is the beginning of ${byIdent.length} idents`);
  return byIdent;
}
