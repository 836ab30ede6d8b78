/** The server's heap is laid out so that forks are cheap, and collected so that no call has to do it. */
import { readFileSync } from 'node:fs';
import { type Place, test, waitFor } from '../helpers/index.js';

/** V8 asks for its heap in pieces of 256 KB. */
const PIECE = 256 << 10;
const GIGABYTE = 2 ** 30;

const fills = (place: Place, arrays: number) =>
  place.write(
    'fills.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     globalThis.kept = Array.from({ length: ${arrays} }, (_, i) => Array.from({ length: 100 }, (_, j) => i * j + 0.5));
     initialisationComplete();
     console.log('done');`,
  );

test("V8's heap lies in one place, and mostly in huge pages", async (t, place) => {
  const script = fills(place, 20_000);
  for (let i = 0; i < 5; i++) t.match(await place.script(script), { code: 0, stdout: 'done\n', stderr: '' });
  const server = await waitFor('the server', () => place.servers()[0]);
  const pieces = mappings(server.pid).filter(({ start, size }) => start % PIECE === 0 && size >= PIECE / 2);
  const places = new Set(pieces.map(({ start }) => Math.floor(start / GIGABYTE)));
  t.ok(pieces.length < 50, `it has ${pieces.length} mappings`);
  t.ok(places.size < 8, `in ${places.size} places`);
  if (!hugePages()) {
    t.comment('not tested: this kernel has no huge pages, or none that are asked for');
    return;
  }
  await waitFor('huge pages', async () => {
    await place.script(script);
    return kilobytes(server.pid, 'AnonHugePages') * 2 > kilobytes(server.pid, 'Anonymous');
  });
});

test('no call goes on with a collection that initialisation began', async (t, place) => {
  // From Node 22 on V8 is in the midst of marking when this is complete.
  const script = fills(place, 100_000);
  const call = () => place.call(['-U', 'node', '--trace-gc', script]);
  await call();
  for (let i = 0; i < 4; i++) {
    const { stdout } = await call();
    t.match(stdout, 'done\n');
    t.notMatch(stdout, 'Mark-Compact', `call ${i}`);
  }
  t.equal(place.servers().length, 1);
});

/** Private, writable, of no file. */
function mappings(pid: number): { start: number; size: number }[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'latin1').matchAll(/^([\da-f]+)-([\da-f]+) rw.p \S+ \S+ 0 *$/gm);
  return [...lines].map(([, start = '', end = '']) => {
    const from = Number.parseInt(start, 16);
    return { start: from, size: Number.parseInt(end, 16) - from };
  });
}

function kilobytes(pid: number, name: string): number {
  return Number(
    new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1],
  );
}

function hugePages(): boolean {
  try {
    return !readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'latin1').includes('[never]');
  } catch {
    return false;
  }
}
