/** Runs scripts plainly and warm, and says where the two differ. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { nodeUnderTest, packageRoot } from '../helpers/paths.js';
import { Place } from '../helpers/place.js';
import type { Arrangement } from './arrangements.js';
import { describeDifference, differing, normalise, type Part } from './compare.js';
import { type Expected, expected } from './expected.js';
import { buildRunner, type Outcome, run } from './run.js';
import type { Script } from './scripts.js';

export interface Counts {
  passed: number;
  failed: number;
}

/** Scripts wait more than they work. */
const AT_ONCE = availableParallelism() * 2;
const CALLS_AHEAD = 2;

/** Compares each script in each of its arrangements. Prints a line a script, and what differs. */
export async function compareAll(scripts: readonly Script[], say: (text: string) => void): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0 };
  const home = new Place();
  const runner = join(home.root, 'run-arranged');
  buildRunner(runner);
  const queue = scripts.values();
  const worker = async () => {
    for (const script of queue) {
      const faults = await compare(runner, script);
      counts.failed += faults.length;
      counts.passed += script.arrangements.length - Math.min(faults.length, script.arrangements.length);
      say(`${faults.length > 0 ? 'not ok' : 'ok'} ${script.name} ${script.arrangements.length}\n${faults.join('')}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await home.leave();
  return counts;
}

/** In a place of its own: its own run directory, so that its server is the only one. Returns what is wrong. */
async function compare(runner: string, script: Script): Promise<string[]> {
  const place = new Place();
  const faults: string[] = [];
  try {
    const worlds = new Set<string>();
    for (const arrangement of script.arrangements) {
      const world = worldOf(script, arrangement);
      if (!worlds.has(world.join())) await warmUp(runner, place, script, world);
      worlds.add(world.join());
      const server = serverOf(place);
      const warm = await run(runner, place, script, 'warm', arrangement);
      const plain = await run(runner, place, script, 'plain', arrangement);
      const fault = judge(script, arrangement, plain, warm) ?? judgeServer(server, serverOf(place));
      if (fault === undefined) continue;
      const again = await run(runner, place, script, 'plain', arrangement);
      const unstable = differing(plain, again).map((part) => describeDifference(part, plain, again));
      const what = unstable.length > 0 ? `    two plain runs differ:\n${unstable.join('')}` : fault;
      faults.push(`  ${script.name} with ${arrangement.join()}\n${what}`);
    }
  } catch (error) {
    faults.push(`  ${script.name}: ${(error as Error).stack}\n`);
  } finally {
    const left = await place.leave();
    if (left.length > 0) faults.push(`  ${script.name} leaves ${left.map(({ command }) => command).join(', ')}\n`);
  }
  return faults;
}

/** Arrangements that may share a server are warmed up with the same one, which is none of theirs as a rule. */
function worldOf({ settings }: Script, arrangement: Arrangement): Arrangement {
  if (settings.world === 'arrangement') return arrangement;
  const [, stdout, stderr] = arrangement;
  const kindOf = (isTerminal: boolean) => (isTerminal ? 'tty' : 'pipe');
  return ['null', kindOf(stdout === 'tty'), kindOf(stderr === 'tty' || (stderr === 'same' && stdout === 'tty'))];
}

async function warmUp(runner: string, place: Place, script: Script, arrangement: Arrangement): Promise<void> {
  for (let i = 0; i < CALLS_AHEAD; i++) await run(runner, place, script, 'warm', arrangement);
}

/** Undefined when all is as it should be. */
function judge(script: Script, arrangement: Arrangement, plain: Outcome, warm: Outcome): string | undefined {
  const known = expected.filter((one) => one.script === script.name && one.when?.(arrangement) !== false);
  const faults = differing(plain, warm)
    .filter((part) => !known.some((one) => one.part === part))
    .map((part) => describeDifference(part, plain, warm));
  for (const one of known) {
    if (!isVisible(one.part, arrangement)) continue;
    if (normalise(plain[one.part]) === one.plain && normalise(warm[one.part]) === one.warm) continue;
    faults.push(`    not the known difference "${one.section}":\n${describeDifference(one.part, plain, warm)}`);
  }
  return faults.length > 0 ? faults.join('') : undefined;
}

function isVisible(part: Part, [, stdout, stderr]: Arrangement): boolean {
  if (part === 'stdout') return stdout !== 'null' && stdout !== 'closed';
  if (part === 'stderr') return stderr !== 'null' && stderr !== 'closed' && stderr !== 'same';
  return true;
}

/** A call that no server answered proves nothing. */
function judgeServer(before: string, after: string): string | undefined {
  return before !== '' && before === after
    ? undefined
    : `    the call was not warm: servers "${before}", then "${after}"\n`;
}

function serverOf(place: Place): string {
  return place
    .servers()
    .map(({ pid }) => pid)
    .join();
}

/** Known differences that name no script, or no section of docs/differences.md. */
export function checkExpected(scripts: readonly Script[]): string[] {
  const headings = readFileSync(join(packageRoot, 'docs', 'differences.md'), 'utf8').split('\n');
  const wrong = ({ script, section }: Expected) =>
    !scripts.some(({ name }) => name === script) || !headings.includes(`## ${section}`);
  return expected.filter(wrong).map(({ script, section }) => `not ok known difference ${script}, "${section}"\n`);
}

export function versionUnderTest(): number {
  return Number(execFileSync(nodeUnderTest, ['-p', 'process.versions.node'], { encoding: 'utf8' }).split('.')[0]);
}
