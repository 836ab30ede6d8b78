/** What test/fixtures/tells-its-call.mjs tells, and where servers stand. */
import { existsSync } from 'node:fs';
import { describe, type LiveProcess, type Place, type Result, waitFor } from '../helpers/index.js';

export interface Told {
  readonly served: boolean;
  readonly pid: number;
  readonly argv0: string;
  readonly execArgv: readonly string[];
  readonly argv: readonly string[];
  readonly cwd: string;
}

/** Takes what a call told. Throws with all that is known where it told nothing. */
export function told(result: Result): Told {
  try {
    return JSON.parse(result.stdout) as Told;
  } catch {
    const { code, signal, stdout, stderr } = result;
    throw new Error(`the call told nothing: ${JSON.stringify({ code, signal, stdout, stderr })}`);
  }
}

/** How many times the script in the work folder was initialised so far. */
export function initialisations(place: Place): number {
  return existsSync(`${place.work}/initialised`) ? place.read('initialised').split('\n').length - 1 : 0;
}

/** The lines that the launcher itself wrote. */
export function launcherLines(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line.startsWith('prefork-interp: '));
}

/** The process of the one server that there should be. */
export function theServer(place: Place): LiveProcess {
  const [server, second] = place.servers();
  if (!server || second) throw new Error(`there are ${place.servers().length} servers, not one`);
  const live = describe(server.pid);
  if (!live) throw new Error(`the server, process ${server.pid}, has gone`);
  return live;
}

/** Waits until a process has gone; a zombie has. */
export function gone({ pid, startTime }: LiveProcess): Promise<unknown> {
  return waitFor(`process ${pid} to go`, () => describe(pid)?.startTime !== startTime);
}
