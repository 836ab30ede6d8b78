/** A spare that has taken a call is replaced, but not while the call has its start. */
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { compileAddon, executors, type Place, test, waitFor } from '../helpers/index.js';

/** REFILL_DELAY_MS of native/addon/pace.c, less what its clock of whole milliseconds may take off. */
const LEAST_NS = 7_000_000n;

test('while a spare is left, the next is forked only when the call has had its start', async (t, place) => {
  compileAddon(place, 'notes-forks');
  place.env['NOTES_FORKS'] = join(place.work, 'forks');
  const script = place.write(
    'forked.cjs',
    `require('./notes-forks.node');
    require('prefork-interp').initialisationComplete();`,
  );
  t.match(await place.script(script), { code: 0, stderr: '' });
  // The first call's, and two spares.
  let count = 3;
  await waitFor('the spares', () => forks(place).length === count);
  const socket = join(place.runDirectory, `s${place.sockets()[0]}`);
  for (let i = 0; i < 10; i++) {
    const connected = process.hrtime.bigint();
    // Whoever connects has a spare, also without asking for anything.
    const client = createConnection(socket);
    client.on('error', () => {});
    client.resume();
    await waitFor('the next spare', () => forks(place).length > count);
    count++;
    client.destroy();
    t.equal(forks(place).length, count, 'one for one');
    t.ok((forks(place).at(-1) ?? 0n) - connected >= LEAST_NS, `not at once, in round ${i}`);
    // Where several run at once there are more spares.
    await waitFor('what it has taken to go', () => executors(place).length === 2);
  }
});

function forks(place: Place): bigint[] {
  return place.read('forks').trim().split('\n').map(BigInt);
}
