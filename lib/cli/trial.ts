/** A place for servers that `prefork` starts to try something: the user's own servers and log are as they were. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, listServers, type Server } from '../rundir/index.js';

/** How long a server is given to leave. */
const PATIENCE_MS = 2000;

/**
 * Calls `act` with a new folder and an environment whose run directory and log lie in it. Afterwards the servers there are ended and the folder
 * is taken away.
 */
export function withTrial<T>(act: (folder: string, env: NodeJS.ProcessEnv) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'prefork-'));
  const run = join(folder, 'run');
  try {
    mkdirSync(run, { mode: 0o700 });
    return act(folder, { ...process.env, XDG_RUNTIME_DIR: run, XDG_STATE_HOME: folder });
  } finally {
    for (const server of serversIn(run)) end(server);
    // What belonged to them may still write its last line.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/** Waits, as nothing else is to be done meanwhile. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function serversIn(run: string): Server[] {
  try {
    return listServers(join(run, 'prefork-interp-node'));
  } catch {
    return []; // Nothing was started.
  }
}

function end(server: Server): void {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      if (isAlive(server)) process.kill(server.pid, signal);
    } catch {
      return; // It has gone in between.
    }
    for (let waited = 0; isAlive(server) && waited < PATIENCE_MS; waited += 5) sleep(5);
  }
}
