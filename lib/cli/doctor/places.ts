/** The folders that are written to. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkRunDirectory, logPath, runDirectoryPath } from '../../rundir/index.js';
import { broken, doubtful, type Finding, fine } from './finding.js';

/** A socket's path has at most 107 bytes: what stands behind the folder is a slash, a letter and 64 digits. */
const LONGEST_SOCKET = 107;
const NAME_LENGTH = 66;

/** Where sockets lie: it must be there or be possible to make, and be nobody else's. */
export function checkRunDirectoryOf(environment: NodeJS.ProcessEnv): Finding {
  const path = runDirectoryPath(environment);
  if (path === undefined)
    return broken('run directory', 'neither XDG_RUNTIME_DIR nor HOME says where it could be', 'set one of them');
  if (Buffer.byteLength(path) + NAME_LENGTH > LONGEST_SOCKET)
    return broken('run directory', `${path} is too long for sockets`, 'set XDG_RUNTIME_DIR to a shorter path');
  const problem = checkRunDirectory(path);
  if (problem?.kind === 'unsafe')
    return broken('run directory', `${path}: ${problem.reason}`, 'make it yours, mode 700');
  const folder = problem === undefined ? path : nearestFolder(path);
  return isWritable(folder)
    ? fine('run directory', problem === undefined ? path : `${path} (the first call makes it)`)
    : broken('run directory', `${folder} cannot be written to`, 'set XDG_RUNTIME_DIR to a folder that can');
}

/** Where the log lies: without one servers work, but say nothing. */
export function checkLog(): Finding {
  const path = logPath();
  if (path === undefined)
    return doubtful('log', 'neither XDG_STATE_HOME nor HOME says where it could be', 'set one of them');
  const place = existsSync(path) ? path : nearestFolder(path);
  return isWritable(place) ? fine('log', path) : doubtful('log', `${place} cannot be written to`, 'make it writable');
}

function nearestFolder(path: string): string {
  const above = dirname(path);
  return existsSync(above) || above === path ? above : nearestFolder(above);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
