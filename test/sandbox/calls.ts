/** Calls from both sides of a sandbox's border. */
import { type Place, paths, type Running, waitFor } from '../helpers/index.js';
import type { Sandbox } from './sandboxes.js';

export interface Told {
  readonly server: string;
  readonly forked: boolean;
  readonly confinement: unknown;
}

/** Calls twice in the sandbox, once more when there is a file `go`, and then runs the script plainly. */
export function enter(place: Place, sandbox: Sandbox, script: string): Running {
  const call = `'${paths.launcher}' -U node '${script}'`;
  const kill = `'${paths.launcher}' --kill -U node '${script}'`;
  const shell = `${call}; ${call}; until [ -e go ]; do sleep 0.02; done; ${call}; node '${script}'; ${kill}`;
  const [program = '', ...args] = [...sandbox.inside, 'sh', '-c', shell];
  return place.startProgram(program, args);
}

export function outside(place: Place, sandbox: Sandbox, script: string): Promise<Told> {
  return run(place, sandbox.outside ?? [], [paths.launcher, '-U', 'node', script]);
}

export async function run(place: Place, before: readonly string[], command: readonly string[]): Promise<Told> {
  const [program = '', ...args] = [...before, ...command];
  const { stdout, stderr } = await place.startProgram(program, args).ended;
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Told;
}

/** The first so many that have told. */
export function told(running: Running, count: number): Promise<Told[]> {
  return waitFor(`${count} calls in the sandbox`, () => {
    const lines = running.stdout().split('\n').slice(0, -1);
    return lines.length >= count && lines.map((line) => JSON.parse(line) as Told);
  });
}
