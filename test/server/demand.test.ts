/** How many spares there are follows how many call at once, and comes back to what it was. */
import type { Test } from 'tap';
import { type LiveProcess, type Place, spares, test, waitFor } from '../helpers/index.js';
import { readLog } from '../log/helpers.js';

/** SPARES_AT_DEMAND of native/addon/demand.c, and more callers than that. */
const MOST = 8;
const CALLERS = 12;
/** Longer than it takes to start them all. */
const CALL_MS = 800;
/** Two of its periods, and some more. */
const SHRINKING_MS = 60_000;

test('as many wait as have called at once, and those sent away afterwards leave no line', async (t, place) => {
  const script = await callAtOnce(t, place, {}, MOST);
  const server = place.servers()[0]?.pid;
  await waitFor('two spares again', () => spares(place).length === 2, SHRINKING_MS);
  const before = spares(place);
  t.match(await place.script(script, ['1']), { code: 1, stderr: '' });
  await waitFor('the one that was taken to be replaced', () => isReplaced(before, spares(place)));
  t.equal(place.servers()[0]?.pid, server);
  t.strictSame(
    readLog(place).map(({ text }) => text),
    ['the server starts'],
  );
});

const bounds: [settings: object, spares: number][] = [
  [{ spares: 10 }, 10],
  [{ maxCalls: 3 }, 3],
];
for (const [settings, number] of bounds) {
  test(`${JSON.stringify(settings)}: after many calls at once ${number} wait`, async (t, place) => {
    await callAtOnce(t, place, settings, number);
  });
}

test('one after the other, however many, are served by the spares that there are', async (t, place) => {
  const script = prepare(place, {});
  for (let number = 0; number < CALLERS; number++) {
    t.match(await place.script(script, [`${number}`]), { code: number });
    await waitFor('both spares', () => spares(place).length === 2);
  }
});

/** Returns the script when so many spares wait. */
async function callAtOnce(t: Test, place: Place, settings: object, number: number): Promise<string> {
  const script = prepare(place, settings);
  t.match(await place.script(script, ['0']), { code: 0, stderr: '' });
  const calls = Array.from({ length: CALLERS }, (_, call) => place.script(script, [`${call}`, `${CALL_MS}`]));
  const results = await Promise.all(calls);
  t.ok(results.every(({ stderr, code }, call) => stderr === '' && code === call));
  await waitFor(`${number} spares`, () => spares(place).length === number);
  return script;
}

function isReplaced(before: LiveProcess[], after: LiveProcess[]): boolean {
  const left = after.filter(({ pid }) => before.some((one) => one.pid === pid)).length;
  return after.length === before.length && left === before.length - 1;
}

function prepare(place: Place, settings: object): string {
  place.write('marks-run.json', JSON.stringify(settings));
  return place.fixture('marks-run.mjs');
}
