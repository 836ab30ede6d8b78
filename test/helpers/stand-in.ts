/** A process that stands in for a server: a shell that does as told, with a socket's path and an information file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { entryPath, readStat } from '../../dist/rundir/index.js';

export interface StandIn {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ident: string;
  readonly socket: string;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** How it behaves when it should go. */
export const behaviours = {
  leavesWithItsSocket: 'while [ -e "$1" ]; do sleep 0.02; done',
  leavesOnSigterm: 'exec sleep 60',
  staysUntilKilled: "trap '' TERM; while :; do sleep 0.05; done",
} as const;

/** Makes a socket at which nobody listens, as a killed server leaves it. */
export async function leaveSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  // It removes what it has bound.
  renameSync(path, `${path}.aside`);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  renameSync(`${path}.aside`, path);
}

/** Makes run directory, socket, lock and information, and starts the process. */
export async function startStandIn(
  directory: string,
  ident: string,
  behaviour: keyof typeof behaviours,
  information: Readonly<Record<string, unknown>> = {},
): Promise<StandIn> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const socket = entryPath(directory, 'socket', ident);
  await leaveSocket(socket);
  for (const kind of ['lock', 'unforkable'] as const) writeFileSync(entryPath(directory, kind, ident), '');
  const script = `echo ready; ${behaviours[behaviour]}`;
  const child = spawn('sh', ['-c', script, 'sh', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  const content = {
    version: 1,
    pid,
    startTime: readStat(pid)?.startTime,
    script: '/somewhere/script.mjs',
    interpreter: '/usr/bin/node',
    nodeVersion: process.version,
    since: new Date().toISOString(),
    cwd: '/',
    ...information,
  };
  writeFileSync(entryPath(directory, 'information', ident), JSON.stringify(content));
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return { child, pid, ident, socket, exited };
}
