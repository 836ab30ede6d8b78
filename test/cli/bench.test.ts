import { prefork, test } from '../helpers/index.js';

test('bench times the ways of a script, with its arguments, and leaves no server', async (t, place) => {
  const script = place.write(
    'tool.cjs',
    `const { appendFileSync } = require('node:fs');
require('prefork-interp').initialisationComplete();
appendFileSync('seen', process.argv.slice(2).join() + '\\n');
console.log('not to be seen');`,
  );
  const { code, stdout, stderr } = await prefork(place, ['bench', script, '--rounds', '2', 'one', '-x', '--two=3']);
  t.strictSame({ code, stderr }, { code: 0, stderr: '' });
  t.match(
    stdout,
    /tool\.cjs, medians of 2\n\n {2}plain .* ms {2}█+\n {2}first .*\n {2}warm .*\n {2}node -e 0 .*\n {2}true /,
  );
  t.match(stdout, /\na warm call is [\d.]+ times as fast as a plain run; a first call takes [\d.]+ of one\n/);
  t.match(stdout, /\nof a plain run's [\d.]+ ms: Node itself [\d.]+, above the call [\d.]+, below the call [\d.]+\n/);
  t.notMatch(stdout, 'not to be seen');
  t.strictSame([...new Set(place.read('seen').trimEnd().split('\n'))], ['one,-x,--two=3']);
  t.strictSame(place.servers(), []);
});

test('bench says why calls are not warm', async (t, place) => {
  const script = place.write(
    'tool.cjs',
    `require('node:net').createServer().listen(0).unref();
require('prefork-interp').initialisationComplete();`,
  );
  const { stdout } = await prefork(place, ['bench', '--json', '--rounds=1', script]);
  const measured = JSON.parse(stdout) as Record<string, unknown>;
  t.match(measured, { rounds: 1, cold: /tcp/ });
  for (const way of ['nothing', 'node', 'plain', 'first', 'warm']) t.ok(Number(measured[way]) > 0, way);
  t.match((await prefork(place, ['bench', '--rounds=1', script])).stdout, /\ncalls are not warm: .*tcp/);
});

for (const [args, message] of [
  [['bench', 'none.mjs'], /^prefork: cannot read none\.mjs: /],
  [['bench', '--rounds=0', 'x'], /^prefork: bench: not a number of rounds: 0\n$/],
] as const) {
  test(`bench: wrong use is one line: ${args.join(' ')}`, async (t, place) => {
    t.match(await prefork(place, args), { code: 2, stdout: '', stderr: message });
  });
}
