/** The first calls tell which pages calls touch, and later spares have them ready. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Place, spares, test, waitFor } from '../helpers/index.js';

const MEGABYTES = 4;
const PAGES = (MEGABYTES << 20) / 4096;
const CALLS = 10;
const PAUSE_MS = 300;

test('pages that the first calls have written are ready in later calls', async (_, place) => {
  const script = writer(place);
  await waitForPrepared(place, script);
});

test('an executor whose caller waits does not prepare itself first, later ones do', async (t, place) => {
  const script = writer(place);
  for (let i = 0; i < CALLS; i++) await place.script(script);
  const server = await waitFor('the server', () => place.servers()[0]);
  await waitFor('both spares', () => spares(place).length === 2);
  process.kill(server.pid, 'SIGSTOP');
  const calls = Array.from({ length: 5 }, () => place.start(['-U', 'node', script]));
  await waitFor('the spares to be used up', () => calls.filter((call) => call.stdout() !== '').length === 2);
  process.kill(server.pid, 'SIGCONT');
  const results = await Promise.all(calls.map(({ ended }) => ended));
  const unprepared = results.filter(({ stdout }) => Number(stdout) > PAGES / 2).length;
  t.ok(unprepared > 0, `${unprepared} of ${calls.length} were not prepared`);
  await waitForPrepared(place, script);
});

/** Where calls come one upon the other, spares wait for a moment before they prepare themselves. */
async function waitForPrepared(place: Place, script: string): Promise<void> {
  await waitFor('a call that was prepared', async () => {
    await delay(PAUSE_MS);
    return Number((await place.script(script)).stdout) < PAGES / 4;
  });
}

/** Writes to all pages of its memory and says how many faults that took. */
function writer(place: Place): string {
  return place.write(
    'script.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     const memory = Buffer.alloc(${MEGABYTES << 20}, 1);
     initialisationComplete();
     const before = process.resourceUsage().minorPageFault;
     memory.fill(2);
     console.log(process.resourceUsage().minorPageFault - before);`,
  );
}
