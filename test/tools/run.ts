/** One run of a tool: its end, its output, and the files that it leaves. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Place } from '../helpers/place.js';
import { Terminal } from '../helpers/terminal.js';
import type { Command, Tool } from './tools.js';

export interface Outcome {
  readonly end: string;
  readonly stdout: string;
  /** At a terminal all is in stdout. */
  readonly stderr: string;
  readonly files: string;
}

export interface Mode {
  readonly terminal: boolean;
  readonly env: Readonly<Record<string, string>>;
}

/** Alternating, so that neighbours ask for different answers. */
export const modes: Readonly<Record<string, Mode>> = {
  pipe: { terminal: false, env: {} },
  terminal: { terminal: true, env: {} },
  'pipe in colours': { terminal: false, env: { FORCE_COLOR: '1' } },
  'terminal without colours': { terminal: true, env: { NO_COLOR: '1' } },
};

/** Hangs only take so long. */
const LIMIT_MS = 120_000;

/** `start` is what comes before the tool's arguments. */
export async function run(
  place: Place,
  start: readonly string[],
  tool: Tool,
  command: Command,
  mode: Mode,
): Promise<Outcome> {
  const project = join(place.work, 'project');
  arrange(project, tool.files);
  const [program = '', ...args] = [...start, ...command.args];
  const options = { cwd: project, env: { TERM: 'xterm-256color', ...mode.env, ...command.env }, limitMs: LIMIT_MS };
  const { code, signal, stdout, stderr } = mode.terminal
    ? await new Terminal(place, [program, ...args], options).ended
    : await place.startProgram(
        program,
        args,
        command.input === undefined ? options : { ...options, input: command.input },
      ).ended;
  const settle = (text: string) => (tool.varies ? text.replace(tool.varies, 'TIME') : text);
  return { end: String(signal ?? code), stdout: settle(stdout), stderr: settle(stderr), files: list(project) };
}

/** The folder stays, as it decides who shares a server; what is in it is written anew. */
function arrange(project: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(project, { recursive: true });
  for (const name of readdirSync(project)) rmSync(join(project, name), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), content);
  }
}

/** Names and contents. */
function list(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return files.map((name) => `${name}:\n${readFileSync(join(folder, name), 'utf8')}`).join('\n');
}
