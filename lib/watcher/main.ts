/**
 * The watcher: `node main.js [SOCKETPATH [DEVICE:INODE]]`, started by the launcher beside each server; a server of ours says on stdin which
 * socket is its own. It closes its stderr when the socket's path
 * no longer leads to the socket, which tells the server to go, and ends when its stdin does: the server is gone. A server
 * watches its socket itself; this is the second line, for a server that is too busy or too stuck to look.
 *
 * On stdin it hears what the server and its forks have to say, and passes it on (log.ts).
 *
 * Every server has one, so it imports little: 7 to 11 MB of memory of its own on Node 20 to 26, of which an empty program has
 * all but 2. None of V8's options for little memory made it less.
 */
import { closeSync, watch as fsWatch, lstatSync, openSync } from 'node:fs';
import type { FSWatcher } from 'chokidar';
import { Log } from './log.js';

/** How often the path is looked at where the kernel has no more watches to give. */
const POLLING_MS = 2000;

/** How long the server may take to go, and say why, when its socket has. */
const LAST_WORDS_MS = 2000;

const [socketPath, identity, ...rest] = process.argv.slice(2);
if (rest.length > 0) fail('usage: node main.js [SOCKETPATH [DEVICE:INODE]]');

/** Under Yarn's PnP without its module loader, no ES module finds another package: there Node's own watching has to do. */
const chokidar = await import('chokidar').catch(() => undefined);

let leaving = false;
let watching = false;
const log = new Log(watchOnce);

// It has started: the launcher has set an alarm, for one that does not.
process.on('SIGALRM', () => {});
process.stdin.on('data', (chunk: Buffer) => log.take(chunk));
process.stdin.on('end', end);
process.stdin.on('error', end);
if (socketPath !== undefined) watchOnce(socketPath, identity ?? identify(socketPath));

/** While this program started, another socket may have come to the path: so it is known by its numbers. */
function watchOnce(path: string, original: string | undefined): void {
  if (watching) return;
  watching = true;
  if (original === undefined) leave();
  else start(path, original, { usePolling: false });
}

function start(path: string, original: string, { usePolling }: { usePolling: boolean }): void {
  const leaveIfGone = () => {
    if (identify(path) !== original) leave();
  };
  if (chokidar === undefined) {
    startAlone(path, leaveIfGone);
    return;
  }
  // The path alone, not its directory: the sockets of other servers come and go there.
  const options = { usePolling, interval: POLLING_MS, followSymlinks: false, ignoreInitial: true };
  const watcher = chokidar.watch(path, options);
  watcher.on('all', leaveIfGone);
  watcher.on('raw', leaveIfGone);
  watcher.on('ready', leaveIfGone); // It may have gone before the watch stood.
  watcher.on('error', (error) => void recover(watcher, path, original, usePolling, error as NodeJS.ErrnoException));
}

/** The kernel's limits on watches are small and shared with editors and build tools: without one the path is polled. */
async function recover(
  watcher: FSWatcher,
  path: string,
  original: string,
  polled: boolean,
  error: NodeJS.ErrnoException,
): Promise<void> {
  await watcher.close();
  if (polled || !['ENOSPC', 'EMFILE', 'ENFILE'].includes(error.code ?? ''))
    fail(`cannot watch ${path}: ${error.message}`);
  start(path, original, { usePolling: true });
}

/** Without chokidar. Where there is no watch to be had, the path is looked at from time to time. */
function startAlone(path: string, leaveIfGone: () => void): void {
  const poll = () => setInterval(leaveIfGone, POLLING_MS);
  try {
    fsWatch(path, leaveIfGone).on('error', poll);
  } catch {
    poll();
  }
  leaveIfGone();
}

/** Tells the server, and stays for what it says to that. */
function leave(): void {
  if (leaving) return;
  leaving = true;
  closeSync(2);
  openSync('/dev/null', 'w'); // As 2: nothing else may get that number.
  setTimeout(end, LAST_WORDS_MS);
}

function end(): never {
  log.end();
  process.exit(0);
}

/** Device and inode of what lies at a path, without following a link; undefined when it cannot be seen. */
function identify(path: string): string | undefined {
  try {
    const { dev, ino } = lstatSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/** What is written to stderr reaches the server's log. */
function fail(message: string): never {
  process.stderr.write(`prefork-interp: watcher: ${message}\n`);
  process.exit(1);
}
