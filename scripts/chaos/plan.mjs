/** What a seed makes of a call: how long it works, how it ends, and what is done to whom meanwhile. */
import { generator } from '../soak/generator.mjs';

export const KINDS = ['client', 'setup', 'server', 'spare', 'monitor', 'executor', 'watcher'];
const WORK_MS = [0, 0, 5, 20, 60, 200, 400];
const PAUSE_MS = 20;
/** Of so many calls one is made with -f. */
const FRESH_ONE_IN = 40;
/** Of ten calls so many have something done to them, at most so long after they were started. */
const DISTURBED_OF_TEN = 4;
const DISTURBED_WITHIN_MS = 120;
const STOPPED_MS = [1, 10, 100, 700, 1500, 3000];

/** The same for the same seed and number, whatever the other calls do. */
export function planCall(seed, number) {
  const random = generator(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  for (let i = 0; i < 4; i++) random();
  const below = (n) => random() % n;
  const one = (list) => list[below(list.length)];
  return {
    number,
    pauseMs: below(PAUSE_MS),
    workMs: one(WORK_MS),
    status: below(4) === 0 ? 1 + below(99) : 0,
    fresh: below(FRESH_ONE_IN) === 0,
    blow: below(10) < DISTURBED_OF_TEN ? planBlow(below, one) : undefined,
  };
}

/** `kinds`: whom it is meant for, and whom instead, when there is none; `index`: which of several. */
function planBlow(below, one) {
  const kinds = KINDS.map((kind) => [kind, below(1 << 16)])
    .sort(([, a], [, b]) => a - b)
    .map(([kind]) => kind);
  const how = one(['killed', 'killed', 'stopped']);
  return { afterMs: below(DISTURBED_WITHIN_MS), kinds, index: below(1 << 16), how, stoppedMs: one(STOPPED_MS) };
}
