/**
 * Garbage is collected where nobody waits for it.
 *
 * Initialisation often ends while V8 marks the old generation, a little at a time: each fork would go on with that. With 90 MB of arrays every call
 * spent 70 ms on it, and the one of eslint on a small file went from 70 ms of processor time to 37 without. So the server finishes it.
 *
 * A fork has its server's young generation, as full as it was, and V8 makes the young generation of a fresh process small (1 MB). A collection in a call moves what
 * survives, which copies page after page, and starts V8's workers, which a fork does not have yet. For a one-line script (medians of 40 calls, 100 ms
 * apart, two cores) that was 15 to 20 ms on Node 24 and 26, where a call without one takes 4. So the server, before it forks its first
 * spare, moves what survives out of the way and lets the young generation grow, as it does by itself in a process that has run for longer. This can go when V8
 * has calls for it: the one that there is, is meant for tests, and the flag that it wants is taken back before the script can see it.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import type { Addon } from '../addon.js';

/** Room for a short call and for what a spare does ahead of it, in bytes; and after how many tries what there is must do. */
const ROOM = 4_000_000;
const TRIES = 10;
/** Objects that survive a collection, about 0.8 MB of them: V8 lets the young generation grow when much survives. */
const SURVIVORS = 6000;
/** From so many bytes on, what survives costs the first call more than it costs here. */
const WORTH_COLLECTING = 1_000_000;

/**
 * In the server, before the first call is forked. That call is to move as little as possible: for a page that it moves something from, and for one that it
 * moves it to, it has to copy one first, and each is made known to the other processor, where V8's workers run. A stub that loads eslint had 3,300 page faults after that, and has 2,230
 * since; its work took 60 ms instead of 42, and this takes 1.3 (Node 22, two cores). A plain run would have moved the same.
 */
export function collectYoungGeneration(addon: Addon): void {
  try {
    if (youngGeneration().used >= WORTH_COLLECTING) withCollector(() => addon.collect(true));
  } catch {
    // A script has taken away what Node needs: the call is slower then.
  }
}

/** In the server, before the first spare. */
export function makeRoomInYoungGeneration(addon: Addon): void {
  withCollector(() => {
    if (!addon.collect(false)) return;
    for (let i = 0; i < TRIES && youngGeneration().room < ROOM; i++) {
      const survivors: unknown[] = [];
      for (let j = 0; j < SURVIVORS; j++) survivors[j] = [j, j, j, j, j, j, j, j, j, j];
      addon.collect(true);
    }
    // What survives a first time stays young; what survives a second does not.
    addon.collect(true);
    addon.collect(true);
  });
}

/** In bytes. `room`: what can be allocated until the next collection would come, if nothing were in use. */
function youngGeneration(): { used: number; room: number } {
  const spaces = getHeapSpaceStatistics();
  for (let i = 0; i < spaces.length; i++) {
    const space = spaces[i];
    if (space?.space_name !== 'new_space') continue;
    const used = space.space_used_size;
    return { used, room: used + space.space_available_size };
  }
  return { used: 0, room: ROOM };
}

function withCollector(run: () => void): void {
  const isExposed = typeof globalThis.gc === 'function';
  setFlagsFromString('--expose-gc');
  try {
    run();
  } finally {
    if (!isExposed) setFlagsFromString('--no-expose-gc');
  }
}
