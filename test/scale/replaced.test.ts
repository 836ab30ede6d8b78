/** A call that outlives the servers of its script. */
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { killProcess, type Place, type Running, test, waitFor } from '../helpers/index.js';

/** Ways in which a server goes. */
const ends: [name: string, end: (place: Place, script: string) => Promise<unknown> | unknown][] = [
  ['it was killed', (place) => killProcess(server(place))],
  ['its script was edited', (_, script) => appendFileSync(script, '\n// edited\n')],
  ['--kill was asked for', (place, script) => place.call(['--kill', '-U', 'node', script])],
  ['its socket was removed', (place) => rmSync(join(place.runDirectory, `s${place.sockets()[0]}`))],
  ['another was asked for', (place, script) => place.call(['-U', '-f', 'node', script, 'short'])],
];

test('a call goes on while its server is replaced five times', async (t, place) => {
  const script = place.fixture('answers-until-told.mjs');
  const long = place.start(['-U', 'node', script], { stdio: ['pipe', 'pipe', 'pipe'] });
  await talk(long, 'hello');
  const pids = new Set([server(place).pid]);
  for (const [name, end] of ends) {
    const before = server(place);
    await end(place, script);
    t.match(await place.script(script, ['short']), { code: 0, stdout: 'short\n', stderr: '' }, `a call after ${name}`);
    await waitFor(`the server to go after ${name}`, () => place.processes().every(({ pid }) => pid !== before.pid));
    pids.add(server(place).pid);
    await talk(long, name);
    process.kill(long.pid, 'SIGUSR2');
    await waitFor(`the signal after ${name}`, () => long.stdout().includes(`SIGUSR2 after ${name}\n`));
  }
  t.equal(pids.size, 6, 'servers');
  long.child.stdin?.end();
  t.match(await long.ended, { code: 5, stderr: '' });
});

test('a call whose five servers were killed ends as it is killed', async (t, place) => {
  const script = place.fixture('answers-until-told.mjs');
  const long = place.start(['-U', 'node', script], { stdio: ['pipe', 'pipe', 'pipe'] });
  await talk(long, 'hello');
  for (let i = 0; i < 5; i++) {
    killProcess(server(place));
    t.match(await place.script(script, ['short']), { code: 0, stdout: 'short\n', stderr: '' });
  }
  process.kill(long.pid, 'SIGTERM');
  t.match(await long.ended, { code: null, signal: 'SIGTERM', stderr: '' });
});

function server(place: Place) {
  const [found] = place.servers();
  if (!found) throw new Error('there is no server');
  return found;
}

async function talk(running: Running, word: string): Promise<void> {
  running.child.stdin?.write(`${word}\n`);
  await waitFor(`the answer to ${word}`, () => running.stdout().includes(`heard ${word}\n`));
}
