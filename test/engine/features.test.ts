import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Place, paths, test } from '../helpers/index.js';

const script = join(paths.fixtures, 'run-features.mjs');
const { features } = (await import(join(paths.fixtures, 'features.mjs'))) as {
  features: Record<string, () => Promise<void>>;
};
const majorVersion = Number(execFileSync(paths.nodeUnderTest, ['-p', 'process.versions.node.split(".")[0]']));
const names = Object.keys(features);
/** How many features run in one executor at a time: 28 pairs of them. */
const TOGETHER = 8;

test('every feature of Node works in an executor', async (t, place) => {
  await warm(place);
  for (const name of names) await t.test(name, async (t) => check(t, place, [name]));
});

test('features work in pairs, together in one executor', async (t, place) => {
  await warm(place);
  for (const group of coverPairs(names, 1)) {
    const title = group.join(' ');
    await t.test(title, async (t) => check(t, place, ['together', ...group]));
  }
});

/** libuv's ring does not survive a fork before 1.47. */
test('features work where libuv uses io_uring, or the reason is named', async (t, place) => {
  place.env['UV_USE_IO_URING'] = '1';
  if (majorVersion === 20) {
    t.match(await place.script(script, ['promises']), { code: 99, stderr: /unforked: .*io_uring/ });
    return;
  }
  await warm(place);
  for (const name of ['fsPromises', 'streams', 'fsWatch', 'fetch', 'spawn', 'worker']) {
    await t.test(name, async (t) => check(t, place, [name, 'exit=5'], 5));
  }
});

async function warm(place: Place): Promise<void> {
  const { stderr, code } = await place.script(script, ['promises']);
  if (stderr !== '' || code !== 0) throw new Error(`the first call failed with ${code}: ${stderr}`);
}

async function check(t: Test, place: Place, words: string[], expected = 0): Promise<void> {
  const chosen = words.filter((word) => word in features);
  const { code, signal, stdout, stderr } = await place.script(script, words, { limitMs: 60_000 });
  t.strictSame({ code, signal, stderr }, { code: expected, signal: null, stderr: '' });
  t.strictSame(stdout.split('\n').filter(Boolean).sort(), chosen.map((name) => `${name} works`).sort());
}

/** Groups in which every pair occurs at least once, the same for the same seed. */
function coverPairs(all: readonly string[], seed: number): string[][] {
  const random = generator(seed);
  const missing = new Set(all.flatMap((one, i) => all.slice(i + 1).map((other) => `${one} ${other}`)));
  const has = (one: string, other: string) => missing.has(`${one} ${other}`) || missing.has(`${other} ${one}`);
  const groups: string[][] = [];
  while (missing.size > 0) {
    const group = [...missing][random() % missing.size]?.split(' ') ?? [];
    while (group.length < TOGETHER) {
      const left = all.filter((name) => !group.includes(name));
      const gains = left.map((name) => group.filter((other) => has(name, other)).length);
      const best = Math.max(...gains);
      if (best === 0) break;
      const candidates = left.filter((_, i) => gains[i] === best);
      group.push(candidates[random() % candidates.length] ?? '');
    }
    for (const one of group) for (const other of group) missing.delete(`${one} ${other}`);
    groups.push(group);
  }
  return groups;
}

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
