/** Three hundred calls at the same moment. */
import { type Place, paths, test, waitFor } from '../helpers/index.js';

const COUNT = 300;

/** Each in a shell of its own in the background, with files of its own. */
const ALL = `for i in $(seq ${COUNT}); do
  { echo "input $i" | "$@" "$i" >"out.$i" 2>"err.$i"; echo $? >"status.$i"; } &
done; wait`;

for (const before of ['none', 'one'] as const) {
  test(`${COUNT} calls at once where there is ${before} server are all answered, each with its own`, async (t, place) => {
    const script = place.write(
      'one-of-many.mjs',
      `import { appendFileSync } from 'node:fs';
       import { text } from 'node:stream/consumers';
       import { initialisationComplete } from 'prefork-interp';
       appendFileSync('initialised', '.');
       const forked = initialisationComplete();
       const [number] = process.argv.slice(2);
       const input = await text(process.stdin);
       console.log(number, forked, input.trim());
       process.exitCode = Number(number) % 200;`,
    );
    if (before === 'one') await place.script(script, ['0']);
    const call = [paths.launcher, '-U', 'node', script];
    // On a machine with other work each may wait longer than it would before it ran plainly.
    const options = { limitMs: 250_000, env: { PREFORK_INTERP_WAIT: '200' } };
    t.match(await place.startProgram('/bin/sh', ['-c', ALL, 'sh', ...call], options).ended, { code: 0, stderr: '' });
    const wrong = Array.from({ length: COUNT }, (_, index) => wrongIn(place, index + 1)).filter(Boolean);
    t.strictSame(wrong, []);
    t.equal(place.read('initialised'), '.', 'one initialisation');
    await waitFor('what belonged to the calls to go', () => place.processes().length <= 6);
    t.equal(place.servers().length, 1);
  });
}

function wrongIn(place: Place, number: number): string | undefined {
  const found = ['out', 'err', 'status'].map((name) => place.read(`${name}.${number}`)).join('|');
  const expected = `${number} true input ${number}\n||${number % 200}\n`;
  return found === expected ? undefined : found;
}
