/** What initialisationComplete() and autoreloadAlsoCheck() take, and what they refuse. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { autoreloadAlsoCheck, initialisationComplete, type Options } from '../../dist/index.js';
import { prefork, test } from '../helpers/index.js';

const refused: [options: object, error: typeof TypeError | typeof RangeError, message: RegExp][] = [
  [{ maxCalls: 0 }, RangeError, /maxCalls must be a whole number of at least 1, not 0/],
  [{ maxCalls: -1 }, RangeError, /maxCalls/],
  [{ maxCalls: 1.5 }, RangeError, /maxCalls/],
  [{ maxCalls: Number.NaN }, RangeError, /maxCalls/],
  [{ maxCalls: Number.POSITIVE_INFINITY }, RangeError, /maxCalls/],
  [{ maxCalls: '4' }, TypeError, /maxCalls/],
  [{ maxCalls: null }, TypeError, /maxCalls/],
  [{ spares: 0 }, RangeError, /spares must be a whole number from 1 to 63, not 0/],
  [{ spares: 64 }, RangeError, /spares/],
  [{ spares: 2n }, TypeError, /spares/],
  [{ idleTimeout: 0 }, RangeError, /idleTimeout must be a number of seconds above 0, not 0/],
  [{ idleTimeout: -1 }, RangeError, /idleTimeout/],
  [{ idleTimeout: Number.NaN }, RangeError, /idleTimeout/],
  [{ idleTimeout: '1h' }, TypeError, /idleTimeout/],
  [{ autoreload: 'no' }, TypeError, /autoreload must be a boolean, not string/],
  [{ autoreload: 0 }, TypeError, /autoreload/],
  [{ autoreloadExtra: 'file' }, TypeError, /autoreloadExtra must be an array/],
  [{ autoreloadExtra: [1] }, TypeError, /autoreloadExtra must be a string, not number/],
  [{ autoreloadExtra: [undefined] }, TypeError, /autoreloadExtra/],
  [{ ignoreVariables: 'GIT_DIR' }, TypeError, /ignoreVariables must be an array/],
  [{ ignoreVariables: [1] }, TypeError, /ignoreVariables must be a string, not number/],
  [{ ignoreVariables: ['A=b'] }, RangeError, /ignoreVariables: "A=b" is no name/],
  [{ ignoreVariables: ['A*B'] }, RangeError, /ignoreVariables: "A\*B" is no name/],
  [{ ignoreVariables: [''] }, RangeError, /ignoreVariables: "" is no name/],
  [{ ignoreVariables: Array(65).fill('A') }, RangeError, /ignoreVariables must have no more than 64 names/],
];
const accepted: Options[] = [
  {},
  { maxCalls: 1, spares: 1, idleTimeout: 0.001, autoreload: false, autoreloadExtra: [] },
  { maxCalls: Number.MAX_SAFE_INTEGER, spares: 63, idleTimeout: Number.POSITIVE_INFINITY, autoreload: true },
  { autoreloadExtra: ['missing', '/also/missing'] },
  { ignoreVariables: [] },
  { ignoreVariables: ['GIT_DIR', 'npm_*'] },
];

test('numbers as large as they come serve like a large one', async (t, place) => {
  for (const options of [
    'idleTimeout: 1e17',
    'idleTimeout: 1e300',
    'idleTimeout: 3e6',
    'maxCalls: 2 ** 31',
    'maxCalls: 2 ** 53 - 1',
  ]) {
    const script = place.write(
      'tells.cjs',
      `require('fs').appendFileSync('initialised', 'x\\n');
      process.stdout.write(String(require('prefork-interp').initialisationComplete({ ${options} })));`,
    );
    for (const turn of [1, 2, 3])
      t.match(await place.script(script), { code: 0, stdout: 'true', stderr: '' }, `${options}, call ${turn}`);
    t.equal(place.read('initialised'), 'x\n', `one server: ${options}`);
    rmSync(join(place.work, 'initialised'));
    await prefork(place, ['stop', '--all']);
  }
});

test('options are checked, in a plain run too', async (t) => {
  for (const [options, error, message] of refused) {
    const call = () => initialisationComplete(options as Options);
    t.throws(call, Object.assign(new error(), { message }), `${message}`);
  }
  for (const options of accepted) t.equal(initialisationComplete(options), false);
  t.equal(initialisationComplete(), false);
  t.throws(() => autoreloadAlsoCheck('fine', 1 as unknown as string), TypeError);
  t.equal(autoreloadAlsoCheck('fine', 'also fine'), undefined);
});

test('a wrong option ends a first call as it ends a plain run, and nothing stays', async (t, place) => {
  const script = place.write(
    'wrong.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     initialisationComplete({ spares: 1000 });`,
  );
  for (const call of ['first', 'second']) {
    const { code, stderr } = await place.script(script);
    t.equal(code, (await place.plain(script)).code, `${call} call`);
    t.match(stderr, /RangeError: initialisationComplete: spares must be a whole number from 1 to 63, not 1000/);
    t.strictSame(place.sockets(), []);
  }
});

test('called again in the same process it returns the same', async (t, place) => {
  const script = place.write(
    'again.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     const results = [initialisationComplete(), initialisationComplete({ spares: 3 }), initialisationComplete()];
     console.log(results.join(), process.argv[2]);
     try {
       initialisationComplete({ spares: 0 });
     } catch (error) {
       console.log(error.name);
     }`,
  );
  for (const call of ['first', 'second'])
    t.match(await place.script(script, [call]), { stdout: `true,true,true ${call}\nRangeError\n` });
  t.match(await place.plain(script, ['plain']), { stdout: 'false,false,false plain\nRangeError\n' });
});
