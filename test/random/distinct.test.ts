/** Executors are copies of one process, and yet no two draw the same random numbers. */
import { type Place, paths, test } from '../helpers/index.js';

const CALLS = 1000;
const AT_ONCE = 4;
/** A name of six letters may come twice in a thousand: once in 100,000 runs. */
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
    t.equal(new Set(drawn.map((each) => each[way])).size, CALLS + 1, way);
  }
  t.strictSame(place.servers(), [server], 'one server has answered all');
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
