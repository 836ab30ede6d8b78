/** What a script finds out about its process, and others about it, is as in a plain run. */
import type { Test } from 'tap';
import { type Place, type RunOptions, test } from '../helpers/index.js';

const cases: [name: string, args: string[], options?: RunOptions][] = [
  ['no arguments', []],
  ['arguments', ['one', 'two  words', '', '--option', 'ä']],
  ['more arguments than the first call had', Array.from({ length: 2000 }, (_, i) => `argument ${i}`)],
  ['variables', ['x'], { env: { ODD: 'a=b', EMPTY: '' } }],
];

test('facts of the process', async (t, place) => {
  const script = place.fixture('tells-facts.mjs');
  await warm(place, [script, 'first']);
  for (const [name, args, options] of cases) {
    await compare(t, place, [script, ...args], name, options);
  }
  t.equal(place.servers().length, 1);
});

test('facts of the process, with arguments for node', async (t, place) => {
  const script = place.fixture('tells-facts.mjs');
  for (const node of [['--no-warnings'], ['--conditions=x', '--stack-trace-limit=7'], ['--no-warnings', '--']]) {
    await warm(place, [...node, script]);
    await compare(t, place, [...node, script, 'a', 'b'], node.join(' '));
  }
});

test('a title that initialisation has set', async (t, place) => {
  const script = place.fixture('tells-facts.mjs');
  const options = { env: { TITLE_OF_INITIALISATION: 'short' } };
  await warm(place, [script, 'ab'], options);
  const { title, ps } = await compare(t, place, [script, 'xy'], 'title', options);
  t.equal(title, 'short');
  t.match(ps, /^short /);
});

async function warm(place: Place, words: string[], options?: RunOptions): Promise<void> {
  for (let i = 0; i < 2; i++) await place.call(['-U', 'node', ...words], options);
}

async function compare(t: Test, place: Place, words: string[], name: string, options?: RunOptions) {
  const plain = await place.startProgram('node', words, options).ended;
  const called = await place.call(['-U', 'node', ...words], options);
  t.equal(called.stderr, '', name);
  const facts = JSON.parse(called.stdout) as Record<string, string>;
  t.strictSame(facts, JSON.parse(plain.stdout), name);
  return facts;
}
