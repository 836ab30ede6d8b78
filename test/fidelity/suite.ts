/** Runs scripts plainly and warm, and says where the two differ. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { nodeUnderTest, packageRoot } from '../helpers/paths.js';
import { Place } from '../helpers/place.js';
import type { Arrangement } from './arrangements.js';
import { describeDifference, differing } from './compare.js';
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
const FAULTS_SHOWN = 3;
/** No script takes so long: what does has waited for something that did not come. */
const HANG_MS = 40_000;

/** The known differences that have shown. */
const met = new Set<Expected>();

/** Servers are ended before it ends, also when it is told to. */
let interrupted = false;

/** Compares each script in each of its arrangements. Prints a line a script, and what differs. */
export async function compareAll(scripts: readonly Script[], say: (text: string) => void): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0 };
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      interrupted = true;
      counts.failed++;
    });
  const home = new Place();
  const runner = join(home.root, 'run-arranged');
  buildRunner(runner);
  const queue = scripts.values();
  const worker = async () => {
    for (const script of queue) {
      if (interrupted) break;
      const faults = await compare(runner, script);
      counts.failed += faults.length;
      counts.passed += script.arrangements.length - Math.min(faults.length, script.arrangements.length);
      say(`${faults.length > 0 ? 'not ok' : 'ok'} ${script.name} ${script.arrangements.length}\n${shorten(faults)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await home.leave();
  return counts;
}

/** One cause as a rule shows in many arrangements. */
function shorten(faults: readonly string[]): string {
  const more = faults.length - FAULTS_SHOWN;
  return faults.slice(0, FAULTS_SHOWN).join('') + (more > 0 ? `  and ${more} more of this script\n` : '');
}

/** In a place of its own: its own run directory, so that its server is the only one. Returns what is wrong. */
async function compare(runner: string, script: Script): Promise<string[]> {
  const place = new Place();
  const faults: string[] = [];
  try {
    const worlds = new Set<string>();
    for (const arrangement of script.arrangements) {
      if (interrupted) break;
      const world = worldOf(script, arrangement);
      if (!worlds.has(world.join())) {
        const before = place.sockets();
        faults.push(...(await warmUp(runner, place, script, world)));
        // An initialisation that has looked at more than the others has changed the names of all worlds.
        if (before.some((ident) => !place.sockets().includes(ident))) worlds.clear();
      }
      worlds.add(world.join());
      const server = serverOf(place);
      const warm = await run(runner, place, script, 'warm', arrangement);
      const plain = await run(runner, place, script, 'plain', arrangement);
      const fault = judge(script, plain, warm) ?? judgeServer(server, serverOf(place));
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
  const [stdin, stdout, stderr] = arrangement;
  const kindOf = (isTerminal: boolean) => (isTerminal ? 'tty' : 'pipe');
  const input = settings.world === 'stdin' && stdin === 'tty' ? 'tty' : 'null';
  return [input, kindOf(stdout === 'tty'), kindOf(stderr === 'tty' || (stderr === 'same' && stdout === 'tty'))];
}

/** Returns what is wrong: these calls are not compared, but they must not hang. */
async function warmUp(runner: string, place: Place, script: Script, arrangement: Arrangement): Promise<string[]> {
  const faults: string[] = [];
  for (let i = 0; i < CALLS_AHEAD; i++) {
    const begun = performance.now();
    const { end, stdout, stderr } = await run(runner, place, script, 'warm', arrangement);
    const ms = Math.round(performance.now() - begun);
    if (ms > HANG_MS)
      faults.push(
        `  ${script.name}: call ${i + 1} ahead, with ${arrangement.join()}, took ${ms} ms: ${JSON.stringify({ end, stdout, stderr }).slice(0, 2000)}\n`,
      );
  }
  return faults;
}

/** Undefined when all is as it should be. */
function judge(script: Script, plain: Outcome, warm: Outcome): string | undefined {
  const wanted = { ...plain };
  for (const one of expected.filter((each) => isAbout(each, script))) wanted[one.part] = one.warm(wanted[one.part]);
  const changed = differing(plain, wanted);
  for (const one of expected) if (isAbout(one, script) && changed.includes(one.part)) met.add(one);
  const faults = differing(wanted, warm).map((part) => {
    const known = changed.includes(part) ? '    not the known difference:\n' : '';
    return known + describeDifference(part, wanted, warm);
  });
  return faults.length > 0 ? faults.join('') : undefined;
}

function isAbout({ script: about }: Expected, { name }: Script): boolean {
  return typeof about === 'string' ? about === name : about.test(name);
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

/** Known differences that are in no section of docs/differences.md; if all scripts have run, also those that never showed. */
export function checkExpected(allHaveRun: boolean): string[] {
  const headings = readFileSync(join(packageRoot, 'docs', 'differences.md'), 'utf8').split('\n');
  const undocumented = expected.filter(({ section }) => !headings.includes(`## ${section}`));
  const unseen = expected.filter((one) => allHaveRun && !met.has(one));
  return [
    ...undocumented.map(({ section }) => `not ok "${section}" is no section of docs/differences.md\n`),
    ...unseen.map(({ script, section }) => `not ok "${section}" has not shown in ${script}\n`),
  ];
}

export function versionUnderTest(): number {
  return Number(execFileSync(nodeUnderTest, ['-p', 'process.versions.node'], { encoding: 'utf8' }).split('.')[0]);
}
