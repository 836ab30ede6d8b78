import { checkRunDirectory, runDirectoryPath } from '../rundir/index.js';
import { Failure } from './failure.js';

/** The run directory of this user; `undefined` when there is none yet, and so no server. Throws a Failure when it is not safe to use. */
export function usableRunDirectory(): string | undefined {
  const path = runDirectoryPath();
  if (path === undefined)
    throw new Failure('cannot tell the run directory: neither XDG_RUNTIME_DIR nor HOME is a directory of this user');
  const problem = checkRunDirectory(path);
  if (problem?.kind === 'unsafe') throw new Failure(`cannot use the run directory ${path}: ${problem.reason}`);
  return problem === undefined ? path : undefined;
}
