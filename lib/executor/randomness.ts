/** No two executors get the same random numbers, though they are copies of one process that may have drawn some. */
import { AsyncResource } from 'node:async_hooks';
import { Buffer } from 'node:buffer';
import { randomInt, randomUUID } from 'node:crypto';
import process from 'node:process';
import { runInNewContext } from 'node:vm';
import type { Addon } from '../addon.js';

/** Node makes that many UUIDs in advance. */
const UUIDS_AHEAD = 128;
/** What Node makes in advance for randomInt, and what one takes of it. */
const RANDOM_INT_BYTES = 6;
const RANDOM_INTS_AHEAD = 1024;

/** Every run of the script is meant to get the same numbers then. (A script may change the list later.) */
const isSeedGiven = process.execArgv.some((word) => /^--random[-_]seed/.test(word));

/** The server has none left of what it had made for randomInt and randomUUID, so that a spare has nothing to drop. */
let randomIntsUsedUp = false;
let uuidsUsedUp = false;

/**
 * In the server, before the first spare. From then on Math.random has no seed in any context, and the executor takes a new one at first use. (What seeds come from is
 * made each spare's own natively, before anything else.)
 *
 * @returns null, or that something of V8 was not found: then all spares get the same numbers of Math.random.
 */
export function forgetRandomness(addon: Addon): string | null {
  randomIntsUsedUp = useUpRandomInts();
  uuidsUsedUp = useUpUuids();
  if (isSeedGiven) return null;
  return addon.forgetSeeds(runInNewContext('[Math.random()]') as object);
}

/** In a spare: siblings have copies of what the server made ahead, and would hand out the same. */
export function dropRandomnessOfServer(): void {
  if (!uuidsUsedUp) for (let i = 0; i < UUIDS_AHEAD; i++) randomUUID();
  if (!randomIntsUsedUp) for (let i = 0; i < RANDOM_INTS_AHEAD; i++) randomInt(2);
}

/**
 * Takes UUIDs until the next one has Node make new ones, so that every fork makes its own at first use. To take them in every spare instead costs 0.35 ms, and V8 takes the
 * loop for one that is worth a compilation of its own, for which the spare starts a thread. When Node makes new ones it asks for random bytes with a job that has an async id: so a
 * gap in the ids shows it. Returns false where none does.
 */
function useUpUuids(): boolean {
  let before = nextAsyncId();
  for (let i = 0; i <= UUIDS_AHEAD; i++) {
    randomUUID();
    const after = nextAsyncId();
    if (after > before + 1) {
      for (let left = 1; left < UUIDS_AHEAD; left++) randomUUID();
      return true;
    }
    before = after;
  }
  return false;
}

/** Ids are given in order. Nobody is to hear of the end of this one. */
function nextAsyncId(): number {
  return new AsyncResource('prefork-interp', { requireManualDestroy: true }).asyncId();
}

/**
 * Takes what is left of the bytes for randomInt, so that every fork makes its own at first use. To drop them in every spare instead fills a fifth of
 * the young generation, and then the call has to be interrupted for a collection: a one-line script took 16 ms instead of 4 (medians, Node 24 and 26, calls 100 ms
 * apart). Where in its bytes Node stands shows only in what it asks of Buffer: so one read is looked at. Returns false where that shows nothing.
 */
function useUpRandomInts(): boolean {
  const read = Buffer.prototype.readUIntBE;
  let at = -1;
  try {
    Buffer.prototype.readUIntBE = function readUIntBE(offset: number, length: number): number {
      if (length === RANDOM_INT_BYTES) at = offset;
      return read.call(this, offset, length);
    };
    randomInt(2);
  } catch {
    // A script has frozen Buffer's prototype.
  } finally {
    if (Buffer.prototype.readUIntBE !== read) Buffer.prototype.readUIntBE = read;
  }
  if (at < 0) return false;
  const left = RANDOM_INTS_AHEAD - (at / RANDOM_INT_BYTES + 1);
  for (let i = 0; i < left; i++) randomInt(2);
  return true;
}
