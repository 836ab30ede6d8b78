/** Scripts that call themselves: deep, and often. */
import { type Place, paths, test, waitFor } from '../helpers/index.js';

const DEPTH = 30;
const CALLS = 1000;

test('calls thirty deep end one after the other, each with its own status', async (t, place) => {
  place.fixture('calls-itself.mjs');
  const counting = place.read('calls-itself.mjs').replace(/process\.exitCode = (.*);/, 'process.exitCode = $1 + 1;');
  const script = place.write('counting.mjs', counting);
  for (const call of ['first', 'second']) {
    const { code, stdout, stderr } = await place.script(script, [String(DEPTH), paths.launcher]);
    const expected = Array.from({ length: DEPTH }, (_, index) => `${DEPTH - index} true\n`).join('');
    t.strictSame({ code, stdout, stderr }, { code: DEPTH - 1, stdout: expected, stderr: '' }, `${call} call`);
  }
  await atRest(place);
});

test('a call that calls its own script a thousand times gets each answer', async (t, place) => {
  const script = place.write(
    'often.mjs',
    `import { spawnSync } from 'node:child_process';
     import { initialisationComplete } from 'prefork-interp';
     const forked = initialisationComplete();
     const [count, launcher] = process.argv.slice(2);
     const calls = launcher ? Number(count) : 0;
     let wrong = 0;
     for (let i = 0; i < calls; i++) {
       const { status, stdout, stderr } = spawnSync(launcher, ['-U', 'node', process.argv[1], String(i)]);
       const right = status === i % 256 && stdout.toString() === i + ' true\\n' && stderr.length === 0;
       if (right || wrong++ > 9) continue;
       console.log(i, status, stdout.toString(), stderr.toString());
     }
     console.log(launcher ? wrong + ' wrong' : count, forked);
     process.exitCode = launcher ? 0 : Number(count) % 256;`,
  );
  const result = await place.script(script, [String(CALLS), paths.launcher], { limitMs: 280_000 });
  t.match(result, { code: 0, stdout: '0 wrong true\n', stderr: '' });
  await atRest(place);
});

/** One server with its spares and its watcher, and nothing else. */
function atRest(place: Place): Promise<unknown> {
  return waitFor(
    'what belonged to the calls to go',
    () => place.processes().length <= 6 && place.servers().length === 1,
  );
}
