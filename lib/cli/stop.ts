/** `prefork stop`: servers leave when their socket goes, and are ended by signals when they do not. */
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Argv } from 'yargs';
import { type Addon, loadAddon } from '../addon.js';
import {
  checkRunDirectory,
  type EntryKind,
  entryName,
  isAlive,
  listIdents,
  listRemembered,
  listServers,
  ownDirectory,
  readInformation,
  type Server,
  unusedLooks,
} from '../rundir/index.js';
import { chooseServers } from './choose.js';
import { defineCommand } from './command.js';
import { ExitCode, Failure } from './failure.js';
import { printable } from './printable.js';
import { usableRunDirectory } from './usable.js';

/** How long each means is given: first the missing socket, then SIGTERM, then SIGKILL. */
const PATIENCE_MS = 1000;

export const stopCommand = defineCommand({
  usage: 'stop [target..]',
  describe: 'stop servers; calls that are running go on to their end',
  options: targetOptions,
  run: async ({ target, all }) => (await stopServers(checkTargets('stop', target.map(String), all))).code,
});

/** What names servers on a command line: `target` and `all`. */
export function targetOptions(parser: Argv) {
  return parser
    .positional('target', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: "a script's path, or (the beginning of) an ident that ls shows",
    })
    .option('all', { type: 'boolean', default: false, describe: 'every server of this user' });
}

/** Returns `undefined` where every server is meant. Throws a Failure where it is not clear which are. */
export function checkTargets(command: string, targets: readonly string[], all: boolean): readonly string[] | undefined {
  if (all && targets.length > 0) throw new Failure(`${command}: name targets or give --all, not both`);
  if (!all && targets.length === 0) throw new Failure(`${command}: name a script or an ident, or give --all`);
  return all ? undefined : targets;
}

/** Stops the servers asked for, or all, and says for each on stdout how it ended. Returns the exit code, and those that have ended. */
export async function stopServers(
  targets: readonly string[] | undefined,
): Promise<{ code: ExitCode; stopped: readonly Server[] }> {
  const directory = usableRunDirectory();
  const servers = directory === undefined ? [] : listServers(directory);
  const chosen = targets === undefined ? { servers, unmatched: [] } : chooseServers(servers, targets);

  for (const target of chosen.unmatched) process.stderr.write(`prefork: no server of ${printable(target)}\n`);
  const ends = await Promise.all(chosen.servers.map((server) => stopServer(server)));
  if (directory !== undefined && targets === undefined) {
    tidy(directory);
    await stopOwn(ownDirectory(directory));
  }
  if (directory !== undefined) for (const path of unusedLooks(directory)) remove(directory, basename(path));

  const stopped = chosen.servers.filter((_, index) => ends[index]);
  if (targets === undefined && ends.length === 0) process.stderr.write('prefork: no server to stop\n');
  const done =
    process.exitCode === undefined &&
    stopped.length === ends.length &&
    ends.length > 0 &&
    chosen.unmatched.length === 0;
  return { code: done ? ExitCode.Done : ExitCode.None, stopped };
}

/** The server of this command, of which nobody needs to hear. */
async function stopOwn(directory: string): Promise<void> {
  if (checkRunDirectory(directory) !== undefined) return;
  await Promise.all(listServers(directory).map((server) => stopServer(server, { quiet: true })));
  tidy(directory);
  for (const path of unusedLooks(directory)) remove(directory, basename(path));
}

async function stopServer(server: Server, { quiet = false } = {}): Promise<boolean> {
  const { directory, ident, pid } = server;
  const steps: [how: string, act: () => void][] = [
    ['left', () => removeEntries(directory, ident)],
    ['ended by SIGTERM', () => signal(server, 'SIGTERM')],
    ['ended by SIGKILL', () => signal(server, 'SIGKILL')],
  ];
  for (const [how, act] of steps) {
    act();
    if (!(await isGoneInTime(server))) continue;
    removeInformation(server);
    if (!quiet) process.stdout.write(`${printable(server.script)} (pid ${pid}): ${how}\n`);
    return true;
  }
  process.stderr.write(`prefork: ${printable(server.script)} (pid ${pid}) does not end\n`);
  return false;
}

/**
 * Without its socket a server leaves, and the next call starts another. The lock stays when a client holds it: it is
 * starting a server at this moment, and a second client must go on waiting for that.
 */
function removeEntries(directory: string, ident: string, ...more: EntryKind[]): void {
  const lockName = entryName('lock', ident);
  const lock = addon().lockEntry(directory, lockName);
  for (const kind of ['socket', 'unforkable'] as const) remove(directory, entryName(kind, ident));
  if (lock === null) return;
  for (const kind of more) remove(directory, entryName(kind, ident));
  remove(directory, lockName);
  addon().unlockEntry(lock);
}

/** What is not of the kind that its name says was put there by somebody else, and stays. */
function remove(directory: string, name: string): void {
  const reason = addon().removeEntry(directory, name);
  if (reason === null) return;
  process.stderr.write(`prefork: cannot remove ${printable(join(directory, name))}: ${reason}\n`);
  process.exitCode = ExitCode.None;
}

let loaded: Addon | undefined;

function addon(): Addon {
  loaded ??= loadAddon();
  return loaded;
}

/** Only after the end, and only if no successor has written its own: until then `ls` shows a server that does not go. */
function removeInformation({ directory, ident, pid, startTime }: Server): void {
  const found = readInformation(directory, ident);
  if (found?.pid === pid && found.startTime === startTime) remove(directory, entryName('information', ident));
}

async function isGoneInTime(server: Server): Promise<boolean> {
  const end = performance.now() + PATIENCE_MS;
  while (isAlive(server)) {
    if (performance.now() > end) return false;
    await delay(5);
  }
  return true;
}

/** A signal that does not get there changes nothing: whether the server has gone is looked at afterwards. */
function signal(server: Server, name: 'SIGTERM' | 'SIGKILL'): void {
  if (!isAlive(server)) return;
  try {
    process.kill(server.pid, name);
  } catch {
    // It has gone in between, or has become another user's.
  }
}

/** What killed servers and failed starts have left. A server that is only starting notices that its socket is gone. */
function tidy(directory: string): void {
  const alive = new Set(listServers(directory).map(({ ident }) => ident));
  for (const ident of listIdents(directory, 'socket', 'information', 'unforkable', 'lock')) {
    if (alive.has(ident) || !addon().isEntryOurs(directory, entryName('lock', ident))) continue;
    removeEntries(directory, ident, 'information');
  }
  for (const name of listRemembered(directory)) remove(directory, name);
}
