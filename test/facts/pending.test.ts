/** What initialisation has left to happen after some time happens that time after the call. Timers of JavaScript: test/engine. */
import { setTimeout as delay } from 'node:timers/promises';
import { test } from '../helpers/index.js';

/** More than the script's wait takes: it would be over when the call begins. */
const BETWEEN_CALLS_MS = 1200;

/** Of the script's wait of a second: one that does not count from the call is over at once. A stalled machine may take off much. */
const LEAST_MS = 100;

/**
 * V8 keeps such waits, and when to collect its heap, as timers of libuv's, which Node's clock does not know. The event loop makes them of what V8 has
 * queued, and reckons from when it last looked at the clock. Timers of JavaScript would have it look again: there is none here.
 */
const scriptWith = (beforehand: string) => `import { spawn } from 'node:child_process';
  import { initialisationComplete } from 'prefork-interp';
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const waited = Atomics.waitAsync(cell, 0, 0, 1000).value;
  ${beforehand}
  initialisationComplete();
  const begun = performance.now();
  const alive = spawn('sleep', ['60']); // such a wait keeps no event loop
  const how = await waited;
  const ms = performance.now() - begun;
  alive.kill();
  console.log(how, ms >= ${LEAST_MS} ? 'in time' : 'after ' + ms + ' ms');`;

const waits: Record<string, string> = {
  'a timer': 'await new Promise((resolve) => setTimeout(resolve, 1)); // the event loop makes one of it',
  'still to become a timer': '',
};
for (const [what, beforehand] of Object.entries(waits)) {
  test(`a wait of initialisation that is ${what} lasts as long after the call, however old its server is`, async (t, place) => {
    const script = place.write('waits.mjs', scriptWith(beforehand));
    for (const call of ['first', 'second', 'third']) {
      if (call !== 'first') await delay(BETWEEN_CALLS_MS);
      t.match(await place.script(script), { code: 0, stdout: 'timed-out in time\n', stderr: '' }, call);
    }
    t.equal(place.servers().length, 1);
  });
}
