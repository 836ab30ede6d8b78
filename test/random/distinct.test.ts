/** Executors are copies of one process, and yet no two draw the same random numbers. */
import { type Place, paths, test } from '../helpers/index.js';

const CALLS = 1000;
const AT_ONCE = 4;
/**
 * glibc makes the first name it tries from the clock's nanoseconds, in a plain run too: two of a thousand are the same once in two
 * thousand runs (of 200,000 drawn in one process 17 to 22 were). More than this never are.
 */
const MOST_REPEATED: Record<string, number> = { mkdtemp: 2 };
const LIMIT_MS = 300_000;

test(`${CALLS} calls draw ${CALLS} different numbers of each kind`, async (t, place) => {
  const script = place.fixture('draws-numbers.mjs');
  const first = await place.script(script);
  const [server] = place.servers();
  const drawn = [first.stdout, ...(await Promise.all(Array.from({ length: AT_ONCE }, () => callOften(place, script))))]
    .flatMap((lines) => lines.trim().split('\n'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  t.equal(drawn.length, CALLS + 1);
  for (const way of Object.keys(drawn[0] ?? {})) {
    const repeated = drawn.length - new Set(drawn.map((each) => each[way])).size;
    t.ok(repeated <= (MOST_REPEATED[way] ?? 0), way, { repeated });
  }
  t.strictSame(
    place.servers().map(({ pid }) => pid),
    [server?.pid],
    'one server has answered all',
  );
});

test('with --random-seed calls draw what a plain run draws', async (t, place) => {
  const script = place.write(
    'seeded.mjs',
    `import { initialisationComplete } from 'prefork-interp';
    Math.random();
    initialisationComplete();
    console.log(Math.random());`,
  );
  const plain = await place.startProgram('node', ['--random-seed=7', script]).ended;
  for (let i = 0; i < 3; i++) {
    const called = await place.call(['-U', 'node', '--random-seed=7', script]);
    t.equal(called.stdout, plain.stdout);
  }
});

async function callOften(place: Place, script: string): Promise<string> {
  const loop = `for i in $(seq ${CALLS / AT_ONCE}); do "$@" || exit; done`;
  const command = [paths.launcher, '-U', 'node', script];
  const { stdout } = await place.startProgram('/bin/sh', ['-c', loop, 'sh', ...command], { limitMs: LIMIT_MS }).ended;
  return stdout;
}
