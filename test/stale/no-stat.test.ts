/** Nothing changed: a call does not look at the files that initialisation noted, however many there are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Place, paths, spares, test, traced, waitFor, whyNoTracing } from '../helpers/index.js';

const CALLS = '%%stat,%file';

test(
  'with 5,000 noted files a warm call asks for none of them',
  async (t, place) => {
    // Without it Node would look for one in the folders above, where other tests make and remove folders all the time.
    place.write('package.json', '{}');
    for (let i = 0; i < 5000; i++) place.write(`noted/${i}`, `${i}`);
    const script = place.write(
      'script.mjs',
      `import { readFileSync } from 'node:fs'; import { initialisationComplete } from 'prefork-interp';
for (let i = 0; i < 5000; i++) readFileSync('noted/' + i);
initialisationComplete(); console.log('served');`,
    );
    await place.script(script);
    // A server looks once after its first call, and reads what it has noted once, when nobody calls.
    await waitFor('a call that looks at no noted file', async () => {
      await waitFor('two spares', () => spares(place).length === 2);
      const seen = await traceCall(place, script, t);
      t.match(seen, '/proc/self/ns', 'the client was seen');
      return !/\bnoted\b/.test(seen);
    });
  },
  { skip: whyNoTracing() },
);

/** What client, server and spares ask of files in one warm call. */
async function traceCall(place: Place, script: string, t: Test): Promise<string> {
  const ofClient = join(place.root, 'home', 'client');
  const words = ['-o', ofClient, '-e', `trace=${CALLS}`, paths.launcher, '-U', 'node', script];
  const pids = [...place.servers(), ...spares(place)].map(({ pid }) => pid);
  const ofOthers = await traced(place, pids, CALLS, async () => {
    t.match(await place.startProgram('strace', words).ended, { code: 0, stdout: 'served\n', stderr: '' });
  });
  return `${readFileSync(ofClient, 'utf8')}${ofOthers}`;
}
