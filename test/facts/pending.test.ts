/** What initialisation has left to happen after some time happens that time after the call. Timers of JavaScript: test/engine. */
import { setTimeout as delay } from 'node:timers/promises';
import { test } from '../helpers/index.js';

/** More than the script's wait takes: it would be over when the call begins. */
const BETWEEN_CALLS_MS = 1200;

/** V8 keeps such waits, and when to collect its heap, as timers of libuv's, which Node's clock does not know. */
const SCRIPT = `import { initialisationComplete } from 'prefork-interp';
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const waited = Atomics.waitAsync(cell, 0, 0, 1000).value;
  await new Promise((resolve) => setTimeout(resolve, 1)); // the event loop makes a timer of it
  initialisationComplete();
  const alive = setInterval(() => {}, 1000); // such a wait keeps no event loop
  const order = [];
  await Promise.all([
    waited.then((how) => order.push(how)),
    new Promise((resolve) => setTimeout(resolve, 100)).then(() => order.push('a shorter timer')),
  ]);
  clearInterval(alive);
  console.log(order.join(', then '));`;

test('a wait of initialisation lasts as long after the call, however old its server is', async (t, place) => {
  const script = place.write('waits.mjs', SCRIPT);
  for (const call of ['first', 'second', 'third']) {
    if (call !== 'first') await delay(BETWEEN_CALLS_MS);
    t.match(await place.script(script), { code: 0, stdout: 'a shorter timer, then timed-out\n', stderr: '' }, call);
  }
  t.equal(place.servers().length, 1);
});
