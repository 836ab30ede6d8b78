/**
 * The same script twice, one run plainly and one through the launcher, under the same name in two folders: what a shell shows of
 * them must be the same to the letter.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import {
  describe,
  killProcess,
  type LiveProcess,
  type Place,
  PROMPT,
  paths,
  type Shell,
  shells,
  Terminal,
  test,
  waitFor,
} from '../helpers/index.js';

/** How the script is run: plainly; as the call that starts the server; as a later one; and as one whose server is replaced once it runs. */
export type Way = 'plain' | 'first' | 'warm' | 'replaced';
export const WAYS: readonly Way[] = ['plain', 'first', 'warm', 'replaced'];

export interface Session {
  readonly place: Place;
  readonly way: Way;
  readonly shell: Shell;
  readonly terminal: Terminal;
  /** Types a line and Return. */
  line(text: string): void;
  /** Types a line and waits for the next prompt. */
  command(text: string): Promise<void>;
  /** Waits until the script says that it runs (`ready PID`), and replaces its server where this is the way. Its pid. */
  ready(): Promise<number>;
  /** Waits for the prompt. */
  prompt(): Promise<void>;
  /** Waits until the shell has executed a command. Before that, a key that ends it may be lost on the shell's own handler. */
  runs(command: string): Promise<void>;
  /** Waits until a process is in this state: T stopped, S sleeping. */
  state(pid: number, state: string): Promise<void>;
  /** Waits until the shell's job is stopped, and the shell has been told. */
  stopped(): Promise<void>;
  /** The process the shell knows: the client, or the script itself where it runs plainly. */
  job(): LiveProcess;
  /** Adds to what is compared. */
  note(text: string): void;
}

export interface Scenario {
  readonly name: string;
  /** The script behind its first lines; the default stays until it is ended. */
  readonly script?: string;
  /** Before initialisation is complete. */
  readonly initialisation?: string;
  /** Commands for the shell before it starts. */
  readonly before?: readonly string[];
  readonly ways?: readonly Way[];
  /** A program that has to be installed. */
  readonly needs?: string;
  /** Default: all. */
  readonly shells?: readonly Shell[];
  play(session: Session): Promise<void>;
}

export const STAYS = "console.log('ready ' + process.pid); setInterval(() => {}, 1000);";

/** Plays a scenario in each shell and each way, and compares what the terminal shows with the plain run. */
export function compare(scenario: Scenario): void {
  for (const shell of scenario.shells ?? (Object.keys(shells) as Shell[])) {
    const missing = [...shells[shell].slice(0, 1), scenario.needs ?? '/'].find((path) => !existsSync(path));
    const skip = missing !== undefined && `${missing} is not installed`;
    test(`${shell}: ${scenario.name}`, (t, place) => playAll(t, place, shell, scenario), { skip });
  }
}

export function shellsHere(): Shell[] {
  return (Object.keys(shells) as Shell[]).filter((shell) => existsSync(shells[shell][0]));
}

async function playAll(t: Test, place: Place, shell: Shell, scenario: Scenario): Promise<void> {
  writeTwins(place, scenario);
  let plain = '';
  for (const way of scenario.ways ?? WAYS) {
    const shown = await play(place, shell, scenario, way, scenario.play).catch((error: Error) => {
      throw new Error(`${way}: ${error.message}`);
    });
    if (way === 'plain') plain = shown;
    else t.equal(shown, plain, way);
  }
}

/** Writes both, with lines of their own. */
export function writeTwins(
  place: Place,
  { initialisation = '', script = STAYS }: Pick<Scenario, 'initialisation' | 'script'>,
): void {
  const content = `import { initialisationComplete } from 'prefork-interp';
    ${initialisation}
    initialisationComplete();
    if (process.argv[2] === 'quick') process.exit();
    ${script}\n`;
  place.write('plain/tool.mjs', `#!/usr/bin/env node\n${content}`, 0o755);
  place.write('ours/tool.mjs', `#!${paths.launcher} -U node\n${content}`, 0o755);
}

/** Starts a shell in the folder of a way, lets something be done there, and returns what the terminal shows and what was noted. */
export async function play(
  place: Place,
  shell: Shell,
  { before = [] }: Pick<Scenario, 'before'>,
  way: Way,
  act: (session: Session) => Promise<void>,
): Promise<string> {
  const cwd = join(place.work, way === 'plain' ? 'plain' : 'ours');
  if (way === 'warm' || way === 'replaced') await runQuickly(place, shell, cwd);
  const terminal = await Terminal.shell(place, shell, { cwd });
  let notes = '';
  let pid = 0;
  const session: Session = {
    place,
    way,
    shell,
    terminal,
    line: (text) => terminal.type(`${text}\r`),
    async command(text) {
      terminal.type(`${text}\r`);
      await terminal.expect(PROMPT);
    },
    async ready() {
      pid = Number((await terminal.expect(/ready (\d+)\r\n/))[1]);
      if (way === 'replaced') await replaceServer(place, shell, cwd);
      return pid;
    },
    async prompt() {
      await terminal.expect(PROMPT);
    },
    async runs(command) {
      await waitFor(command, () => place.processes().some((one) => one.command === command));
    },
    async state(of, state) {
      await waitFor(`${of} to be in state ${state}`, () => describe(of)?.state === state);
    },
    async stopped() {
      const isJob = (parent: number) => describe(parent)?.command.startsWith(shells[shell][0]);
      await waitFor('a stopped job', () =>
        place.processes().some(({ pid, parent, state }) => state === 'T' && isJob(parent) && hasStopped(pid)),
      );
    },
    job() {
      // What a launcher has forked and not yet executed, its watcher, goes by the same name, but is no child of the shell.
      const client = place
        .processes()
        .filter(({ command }) => command.startsWith(`${paths.launcher} -U node ./tool`))
        .find(({ parent }) => describe(parent)?.command.startsWith(shells[shell][0]));
      const found = way === 'plain' ? describe(pid) : (client ?? describe(pid));
      if (!found) throw new Error('no such job');
      return found;
    },
    note(text) {
      notes += `${text}\n`;
    },
  };
  try {
    // A core is left by the script, and not once more by its client: the shells would tell.
    await session.command('ulimit -c 0');
    for (const line of before) await session.command(line);
    await act(session);
    terminal.type('exit 0\r');
    await terminal.ended;
  } finally {
    await terminal.leave();
  }
  return normalise(terminal.output()) + notes;
}

/**
 * A process shows as stopped before its parent is told of it: that does the last of its threads to stop, before it leaves the
 * processor.
 */
function hasStopped(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) => {
    const [state, call] = ['stat', 'syscall'].map((name) =>
      readFileSync(`/proc/${pid}/task/${thread}/${name}`, 'latin1'),
    );
    return state?.includes(') T ') && !call?.startsWith('running');
  });
}

/** Through the same shell, as a server is shared by those of one environment. */
async function runQuickly(place: Place, shell: Shell, cwd: string): Promise<void> {
  const terminal = await Terminal.shell(place, shell, { cwd });
  try {
    terminal.type('./tool.mjs quick; echo quick $?\r');
    await terminal.expect('quick 0');
    terminal.type('exit 0\r');
    await terminal.ended;
  } finally {
    await terminal.leave();
  }
}

async function replaceServer(place: Place, shell: Shell, cwd: string): Promise<void> {
  const before = place.servers();
  if (before.length === 0) throw new Error('there is no server to replace');
  for (const server of before) killProcess(server);
  // A spare may serve one more call until it learns that its server is gone.
  await waitFor('server and spares to go', () => monitors(place).length === 1);
  await runQuickly(place, shell, cwd);
  await waitFor('another server', () => place.servers().length > 0);
}

function monitors(place: Place): LiveProcess[] {
  return place.processes().filter(({ command }) => command.startsWith('prefork-interp-monitor'));
}

function normalise(text: string): string {
  return text
    .replace(/\r/g, '')
    .replace(/ready \d+/g, 'ready PID')
    .replace(/^(\[\d+\]) \d+$/gm, '$1 PID')
    .replace(/pts\/\d+/g, 'pts/N')
    .replace(/\/tmp\/pf-\w+\/work\/(plain|ours)\//g, 'FOLDER/');
}
