/** Starting a program and collecting what becomes of it. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { LIMIT_MS } from './wait.js';

export interface RunOptions {
  /** Added to the environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** What the program reads; default: nothing, from /dev/null. */
  readonly input?: string | Buffer;
  /** Instead of `input`, and of pipes for 1 and 2: what spawn takes. */
  readonly stdio?: SpawnOptions['stdio'];
  readonly detached?: boolean;
  /** After this time the program is killed and `ended` fails. */
  readonly limitMs?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Result extends Exit {
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Buffer;
  /** From the start to the end of the last output. */
  readonly durationMs: number;
}

export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The program has ended; others may still hold its output open. */
  readonly exited: Promise<Exit>;
  /** It has ended and its output, where that is a pipe, has come to its end. */
  readonly ended: Promise<Result>;
  /** What has come so far. */
  stdout(): string;
  stderr(): string;
}

/**
 * Starts a program with exactly this environment. env(1) sees to that and becomes the program: tap adds NODE_OPTIONS and
 * variables of its own to every process that is started under it, even to an environment made from nothing.
 */
export function start(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  options: RunOptions = {},
): Running {
  const { input, limitMs = LIMIT_MS } = options;
  const begun = performance.now();
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${value}`,
  );
  const child = spawn('/usr/bin/env', ['-i', ...variables, program, ...args], {
    cwd: options.cwd,
    detached: options.detached ?? false,
    stdio: options.stdio ?? [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin?.on('error', () => {}); // A program may end without reading all; its result says whether it should have.
  if (input !== undefined) child.stdin?.end(input);

  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const ended = new Promise<Result>((resolve, reject) => {
    const late = () => {
      child.kill('SIGKILL');
      for (const stream of [child.stdout, child.stderr]) stream?.destroy();
      const said = `stdout ${text(out)}, stderr ${text(err)}`;
      reject(new Error(`${program} ${args.join(' ')} did not end within ${limitMs} ms: ${said}`));
    };
    const timer = setTimeout(late, limitMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const stdoutBytes = Buffer.concat(out);
      const durationMs = performance.now() - begun;
      resolve({ code, signal, stdout: text(out), stderr: text(err), stdoutBytes, durationMs });
    });
  });
  // Whoever waits for one of them hears of a failure; the other must not end the test run.
  exited.catch(() => {});
  ended.catch(() => {});
  return { child, pid: child.pid ?? -1, exited, ended, stdout: () => text(out), stderr: () => text(err) };
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString();
}
