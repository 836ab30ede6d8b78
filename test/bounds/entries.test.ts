import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { entryPath, listIdents } from '../../dist/rundir/index.js';
import { leaveSocket, type Place, test, waitFor } from '../helpers/index.js';

const KINDS = ['socket', 'lock', 'information', 'unforkable'] as const;

test('the oldest idents beyond 100 are removed, but none that is locked or has a live server', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  const idents = Array.from({ length: 130 }, (_, index) => identOf(index));
  for (const [index, ident] of idents.entries()) {
    const kinds = KINDS.filter((_, kind) => (index + 1) & (1 << kind));
    for (const kind of kinds.length > 0 ? kinds : KINDS) await makeEntry(place, kind, ident, index);
  }
  const live = await listen(place, identOf(3), 3);
  await makeEntry(place, 'lock', identOf(5), 5);
  const holder = spawn(
    'flock',
    [entryPath(place.runDirectory, 'lock', identOf(5)), 'sh', '-c', 'echo held; read line'],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  await once(holder.stdout, 'data');
  const foreign = ['other', 'log', 'ssh-agent', 'i.pid'].map((name) => join(place.runDirectory, name));
  for (const path of foreign) writeFileSync(path, 'not ours to remove');
  await leaveSocket(join(place.runDirectory, 'session'));
  for (const path of [...foreign, join(place.runDirectory, 'session')]) setTime(path, 0);

  t.match(await place.script(script), { code: 0, stderr: '' });

  const kept = listIdents(place.runDirectory, ...KINDS).filter((ident) => /^[0-9a-f]+$/.test(ident));
  t.equal(kept.length, 100);
  const own = place.servers()[0]?.ident ?? '';
  const newest = idents.slice(-97);
  t.strictSame(kept.sort(), [own, identOf(3), identOf(5), ...newest].sort());
  for (const path of foreign) t.ok(statSync(path).isFile(), path);
  t.ok(statSync(join(place.runDirectory, 'session')).isSocket());
  live.close();
  holder.stdin.end('\n');
  await once(holder, 'exit');
});

test('a hundred idents are let alone', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  for (let index = 0; index < 99; index++) await makeEntry(place, 'lock', identOf(index), index);
  t.match(await place.script(script), { code: 0, stderr: '' });
  t.equal(listIdents(place.runDirectory, ...KINDS).length, 100);
});

test('of more live servers than the limit the one that has been idle longest leaves', async (t, place) => {
  const env = { PREFORK_INTERP_SERVERS: '3', PREFORK_INTERP_DEBUG: '1' };
  const scripts = ['a.mjs', 'b.mjs', 'c.mjs', 'd.mjs'].map((name) =>
    place.write(name, "import { initialisationComplete } from 'prefork-interp'; initialisationComplete();\n"),
  );
  const [a, b, c, d] = scripts as [string, string, string, string];
  for (const script of [a, b, c]) {
    t.match(await place.script(script, [], { env }), { code: 0 });
    await delay(1100); // The times are kept to the second.
  }
  t.match(await place.script(a, [], { env }), { code: 0 });
  await delay(50); // The server notes the call when the call no longer needs it.
  const result = await place.script(d, [], { env });
  t.match(result, { code: 0, stderr: /ended the server that had been idle longest: there were more than 3/ });
  await waitFor('the server of b to go', () => place.servers().length === 3);
  t.strictSame(
    place
      .servers()
      .map(({ script }) => script)
      .sort(),
    [a, c, d],
  );
  const quiet = { ...env, PREFORK_INTERP_DEBUG: undefined };
  t.match(await place.script(a, [], { env: quiet }), { code: 0, stderr: '' }, 'the others still serve');
});

test('a call goes on when its server has to leave for another', async (t, place) => {
  const env = { PREFORK_INTERP_SERVERS: '1' };
  const waits = place.write(
    'reads.mjs',
    "import { initialisationComplete } from 'prefork-interp'; initialisationComplete();\nconsole.log('started'); process.stdin.on('data', () => process.exit(7));\n",
  );
  const running = place.start(['-U', 'node', waits], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  await waitFor('the call', () => running.stdout() !== '');
  t.match(await place.script(place.fixture('print-arguments.mjs'), [], { env }), { code: 0, stderr: '' });
  await waitFor('the other server to go', () => place.servers().length === 1);
  running.child.stdin?.write('end\n');
  t.match(await running.exited, { code: 7 });
});

test('the limit is 16 where none is set, or none that makes sense', async (t, place) => {
  for (const value of [undefined, '0', 'many']) {
    const servers: Server[] = [];
    for (let index = 0; index < 16; index++) {
      servers.push(await listen(place, `live${index}`, index));
      await makeEntry(place, 'information', `live${index}`, (index + 4) % 16);
      await makeEntry(place, 'lock', `live${index}`, 0);
    }
    const script = place.write(
      `script-${value}.mjs`,
      "import { initialisationComplete } from 'prefork-interp'; initialisationComplete();\n",
    );
    const result = await place.script(script, [], { env: { PREFORK_INTERP_SERVERS: value } });
    t.match(result, { code: 0, stderr: '' });
    const left = listIdents(place.runDirectory, 'socket').filter((ident) => ident.startsWith('live'));
    t.equal(left.length, 15, `PREFORK_INTERP_SERVERS=${value}`);
    t.notOk(left.includes('live12'), 'the oldest by its information goes');
    for (const server of servers) server.close();
    await place.call(['-U', '--kill', 'node', script]);
    await waitFor('the server to go', () => place.servers().length === 0);
  }
});

/** As the launcher gives them. */
function identOf(index: number): string {
  return index.toString(16).padStart(64, 'a');
}

/** With a time that lies the further back, the smaller the index. */
async function makeEntry(place: Place, kind: (typeof KINDS)[number], ident: string, index: number): Promise<void> {
  mkdirSync(place.runDirectory, { recursive: true, mode: 0o700 });
  const path = entryPath(place.runDirectory, kind, ident);
  if (kind === 'socket') await leaveSocket(path);
  else writeFileSync(path, '');
  setTime(path, index);
}

function setTime(path: string, index: number): void {
  const time = Date.now() / 1000 - 100_000 + index * 10;
  utimesSync(path, time, time);
}

async function listen(place: Place, ident: string, index: number): Promise<Server> {
  mkdirSync(place.runDirectory, { recursive: true, mode: 0o700 });
  const server = createServer((socket) => socket.destroy());
  const path = entryPath(place.runDirectory, 'socket', ident);
  rmSync(path, { force: true });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  setTime(path, index);
  return server;
}
