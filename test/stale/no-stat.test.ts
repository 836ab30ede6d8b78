/** Nothing changed: a call does not look at the files that initialisation noted, however many there are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { paths, spares, test, traced, waitFor } from '../helpers/index.js';

const CALLS = '%%stat,%file';

test('with 5,000 noted files a warm call asks for none of them', async (t, place) => {
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
  const server = await waitFor('the server', () => place.servers()[0]);
  // It reads what it has noted once, when nobody calls.
  await waitFor('the server to rest', async () => (await isResting(server.pid)) && spares(place).length === 2);

  const ofClient = join(place.root, 'home', 'client');
  const words = ['-o', ofClient, '-e', `trace=${CALLS}`, paths.launcher, '-U', 'node', script];
  const ofOthers = await traced(place, [server.pid, ...spares(place).map(({ pid }) => pid)], CALLS, async () => {
    t.match(await place.startProgram('strace', words).ended, { code: 0, stdout: 'served\n', stderr: '' });
  });
  const seen = `${readFileSync(ofClient, 'utf8')}${ofOthers}`;
  t.match(seen, '/proc/self/ns/pid', 'the client was seen');
  t.match(seen, '/proc/self/task', 'the server was seen');
  t.strictSame((seen.match(/^.*\bnoted\b.*$/gm) ?? []).slice(0, 5), []);
});

async function isResting(pid: number): Promise<boolean> {
  const used = () => readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ').slice(13, 15).join();
  const before = used();
  await delay(100);
  return used() === before;
}
