/**
 * A terminal with a program in it, to type into and to read from:
 *
 *   const terminal = new Terminal(place, ['bash', '--norc', '-i'], { env: { PS1: '% ' } });
 *   terminal.type('tty\r');                              // keys; '\x03' is Ctrl-C
 *   await terminal.expect(/\/dev\/pts\/\d+/);            // waits for output behind what was expected before
 *   await terminal.resize(100, 30);
 *   terminal.output();                                   // all of it so far
 *   terminal.type('exit 3\r');
 *   (await terminal.ended).code;                         // 3; 128 and its number for a signal
 *
 * The program leads a session of its own whose controlling terminal this is. It gets the environment of the place and TERM=xterm.
 * `Terminal.shell` starts bash or zsh with a prompt to wait for. What it starts belongs to the place, which fails the test if
 * something is left. The other side is test/native/pty.c.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { packageRoot } from './paths.js';
import type { Place } from './place.js';
import type { Result, Running } from './run.js';
import { LIMIT_MS, waitFor } from './wait.js';

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** How long the program may run; default: three times what is waited for anything else. */
  readonly limitMs?: number;
}

/** Interactive shells with job control, without start files and line editors: they echo what is typed, and prompt with `PROMPT`. */
export const shells = {
  bash: ['/bin/bash', '--norc', '--noprofile', '--noediting', '-i'],
  zsh: ['/bin/zsh', '-f', '-i', '+Z', '+o', 'notify', '+o', 'prompt_sp', '+o', 'prompt_cr'],
} as const;
export type Shell = keyof typeof shells;
export const PROMPT = '~~> ';

export class Terminal {
  /** The end of the program, and of what it started that holds the terminal no longer than it. */
  readonly ended: Promise<Result>;
  readonly #place: Place;
  readonly #running: Running;
  readonly #answers: string[] = [];
  #seen = 0;

  constructor(place: Place, command: readonly string[], options: TerminalOptions = {}) {
    const { columns = 80, rows = 24, limitMs = 3 * LIMIT_MS } = options;
    this.#place = place;
    this.#running = place.startProgram(ptyProgram(place), [String(columns), String(rows), ...command], {
      env: { TERM: 'xterm', ...options.env },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      limitMs,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const answers = createInterface({ input: this.#running.child.stdio[3] as Readable });
    answers.on('line', (line) => this.#answers.push(line));
    this.ended = this.#running.ended;
  }

  /** Starts a shell and waits for its prompt. */
  static async shell(place: Place, shell: Shell, options: TerminalOptions = {}): Promise<Terminal> {
    const env = { PS1: PROMPT, HISTFILE: undefined, ...options.env };
    const terminal = new Terminal(place, shells[shell], { ...options, env });
    await terminal.expect(PROMPT);
    return terminal;
  }

  /** Presses keys. Return is '\r'. */
  type(keys: string): void {
    this.#order(`type ${Buffer.from(keys).toString('hex')}`);
  }

  /** Everything that has been written to the terminal: what was typed too, where it is echoed. */
  output(): string {
    return this.#running.stdout();
  }

  /** Waits for text behind what was last expected. */
  async expect(wanted: string | RegExp): Promise<RegExpExecArray> {
    const pattern = typeof wanted === 'string' ? new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')) : wanted;
    let found: RegExpExecArray | null = null;
    try {
      found = await waitFor(`${pattern} on the terminal`, () => pattern.exec(this.output().slice(this.#seen)));
    } catch (error) {
      const left = this.#place.processes().map(({ pid, state, command }) => `${pid} ${state} ${command}\n`);
      const shown = `it shows:\n${this.output()}${this.#running.stderr()}\nthere run:\n${left.join('')}`;
      throw new Error(`${(error as Error).message}; ${shown}`);
    }
    this.#seen += found.index + found[0].length;
    return found;
  }

  /** Changes the size; returns when it is changed and SIGWINCH sent. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#ask(`resize ${columns} ${rows}`);
  }

  /** All settings, as one word to compare. */
  async modes(): Promise<string> {
    return (await this.#ask('modes')).slice('modes '.length);
  }

  /** The process group in the foreground. */
  async foreground(): Promise<number> {
    return Number((await this.#ask('foreground')).slice('foreground '.length));
  }

  /** Closes the terminal, as if its window went away. The program has still to be waited for. */
  hangUp(): void {
    this.#order('hangup');
  }

  /** Closes the terminal and forgets about the program, unless it has ended. */
  async leave(): Promise<void> {
    this.#running.child.stdin?.end();
    await this.#running.exited;
  }

  async #ask(order: string): Promise<string> {
    const before = this.#answers.length;
    this.#order(order);
    return waitFor(`an answer to ${order}`, () => this.#answers[before]);
  }

  #order(line: string): void {
    this.#running.child.stdin?.write(`${line}\n`);
  }
}

function ptyProgram(place: Place): string {
  const program = join(place.root, 'pty');
  const source = join(packageRoot, 'test', 'native', 'pty.c');
  const flags = ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-O1'];
  if (!existsSync(program)) execFileSync('cc', [...flags, '-o', program, source]);
  return program;
}
