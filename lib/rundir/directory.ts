/** Which directory holds the sockets of this user's servers, and whether it may be trusted. The launcher follows the same rules. */
import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';

const NAME = 'prefork-interp-node';

/**
 * The run directory of the user, whether or not it exists. `environment` is that of the calling process. `undefined` when
 * nothing there says where it could be.
 */
export function runDirectoryPath(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { XDG_RUNTIME_DIR: named, HOME: home } = environment;
  // One that is missing or another's counts as none, unless ours is in it.
  if (named !== undefined && isAbsolute(named) && (isThere(join(named, NAME)) || isOurs(named, statSync)))
    return join(named, NAME);
  const usual = `/run/user/${userId()}`;
  if (isOurs(usual, lstatSync)) return join(usual, NAME);
  return home !== undefined && isAbsolute(home) && isOurs(home, statSync)
    ? join(home, `.${NAME}`, hostname())
    : undefined;
}

/**
 * What is wrong with a run directory: `undefined` when it may be used, else the reason. A directory that is not there is
 * told apart from one that others could have filled.
 */
export type Unusable = { readonly kind: 'absent' } | { readonly kind: 'unsafe'; readonly reason: string };

/** Checks owner and mode of a run directory, on the opened directory so that it cannot be exchanged in between. */
export function checkRunDirectory(path: string): Unusable | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unsafe', reason: message };
  }
  try {
    const { uid, mode } = fstatSync(descriptor);
    if (uid !== userId()) return { kind: 'unsafe', reason: `it belongs to user ${uid}` };
    if ((mode & 0o077) !== 0) return { kind: 'unsafe', reason: `its mode is ${(mode & 0o777).toString(8)}, not 700` };
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

function isThere(path: string): boolean {
  return look(path, lstatSync) !== undefined;
}

/** Whether it is a directory of this user; with statSync it may be a link to one. */
function isOurs(path: string, how: typeof lstatSync): boolean {
  const found = look(path, how);
  return found?.isDirectory() === true && found.uid === userId();
}

/** What cannot be looked at is as good as missing. */
function look(path: string, how: typeof lstatSync): Stats | undefined {
  try {
    return how(path);
  } catch {
    return undefined;
  }
}

function userId(): number {
  return process.geteuid?.() ?? -1;
}
