/** Times a script in turns: each way once a round, so that what else the machine does meets all of them alike. */
import { spawnSync } from 'node:child_process';
import { Failure } from '../failure.js';
import { launcherWords } from '../first-line.js';
import { findLauncher } from '../launcher.js';
import { printable } from '../printable.js';
import { sleep, withTrial } from '../trial.js';

/** Milliseconds, medians of the rounds. */
export interface Measured {
  readonly rounds: number;
  /** A program that does nothing: what it costs to start anything at all. */
  readonly nothing: number;
  /** `node -e 0`. */
  readonly node: number;
  /** The script without the launcher. */
  readonly plain: number;
  /** A call that has to start the server. */
  readonly first: number;
  /** A call that a waiting process answers. */
  readonly warm: number;
  /** Why calls are not answered by a waiting process; null where they are. */
  readonly cold: string | null;
}

/** A waiting process makes itself ready for a call in some ten milliseconds; people and hooks leave it longer. */
const REST_MS = 40;
/** First calls are slow, and vary less: every third round has one. */
const ROUNDS_OF_FIRST = 3;
const LIMIT_MS = 120_000;

/**
 * Runs the script in a run directory of its own, so that the user's servers are as they were.
 *
 * @param progress is told what runs, for people who wait
 * @throws {Failure} where the script cannot be run, or takes longer than two minutes
 */
export function measure(
  script: string,
  args: readonly string[],
  rounds: number,
  progress: (text: string) => void,
): Measured {
  return withTrial((_, env) => {
    const ways = waysOf(script, args, env);
    const times = { nothing: [], node: [], plain: [], first: [], warm: [] } as Record<Way, number[]>;
    progress('the first run');
    time(ways.first);
    const cold = whyCold(ways.warm);
    for (let round = 0; round < rounds; round++) {
      for (const way of ['nothing', 'node', 'plain', 'first', 'warm'] as const) {
        if (way === 'first' && round % ROUNDS_OF_FIRST !== 0) continue;
        progress(`round ${round + 1} of ${rounds}: ${way}`);
        sleep(REST_MS);
        times[way].push(time(ways[way]));
      }
    }
    const medians = Object.fromEntries(Object.entries(times).map(([way, list]) => [way, median(list)]));
    return { rounds, ...(medians as Record<Way, number>), cold };
  });
}

type Way = 'nothing' | 'node' | 'plain' | 'first' | 'warm';

interface Start {
  readonly program: string;
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

function waysOf(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Record<Way, Start> {
  const launcher = findLauncher();
  const through = (words: readonly string[], more: NodeJS.ProcessEnv = {}): Start => ({
    program: launcher,
    words: [...words, ...args],
    env: { ...env, ...more },
  });
  return {
    nothing: { program: 'true', words: [], env },
    node: { program: 'node', words: ['-e', '0'], env },
    plain: through(launcherWords(script), { PREFORK_INTERP_DISABLE: '1' }),
    first: through(launcherWords(script, '-f')),
    warm: through(launcherWords(script)),
  };
}

/** Whatever the script prints or reads is not the bench's. How it ends does not matter, but that it can be started. */
function time({ program, words, env }: Start): number {
  const begun = performance.now();
  const { error } = spawnSync(program, words, { env, stdio: 'ignore', timeout: LIMIT_MS });
  const duration = performance.now() - begun;
  if (error !== undefined) throw new Failure(`bench: cannot time ${printable(program)}: ${error.message}`);
  return duration;
}

/** The launcher says on stderr what it does where it does not do the usual. */
function whyCold({ program, words, env }: Start): string | null {
  sleep(REST_MS);
  const { stderr } = spawnSync(program, words, {
    env: { ...env, PREFORK_INTERP_DEBUG: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: LIMIT_MS,
  });
  return /^prefork-interp: running .*? (?:plainly|unforked): (.*)$/m.exec(stderr)?.[1] ?? null;
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
