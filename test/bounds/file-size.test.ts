/** A limit of the sizes of files (ulimit -f) also counts for files in memory, and ends by a signal whoever writes beyond it. */
import { type Place, paths, type Result, test } from '../helpers/index.js';

/** Blocks of 1 KiB, and whether a server can be had: not within a hard limit that its notes do not fit in. */
const limits: [option: '-f' | '-S -f', blocks: number, served: boolean][] = [
  ['-f', 0, false],
  ['-f', 1, false],
  ['-f', 4000, false],
  ['-f', 8192, false],
  ['-f', 20_000, true],
  ['-S -f', 0, true],
  ['-S -f', 1, true],
  ['-S -f', 4000, true],
];
for (const [option, blocks, served] of limits) {
  test(`under ulimit ${option} ${blocks} the script runs`, async (t, place) => {
    const script = place.write(
      'tells.cjs',
      `const { initialisationComplete } = require('prefork-interp');
      console.log(initialisationComplete(), process.argv[2]);
      try { require('fs').writeFileSync('written', 'x'.repeat(1e7)); console.log('written'); } catch ({ code }) { console.log(code); }`,
    );
    const plain = await under(place, `${option} ${blocks}`, ['node', script, 'a']);
    for (const turn of ['cold', 'warm']) {
      const called = await under(place, `${option} ${blocks}`, [paths.launcher, '-U', 'node', script, 'a']);
      t.match(called, { code: 0, signal: null, stdout: plain.stdout.replace('false', `${served}`) }, turn);
      if (served || turn === 'warm') t.equal(called.stderr, '', turn);
      else t.match(called.stderr, /^prefork-interp: running [^\n]* plainly: files may not grow [^\n]*\n$/, turn);
    }
  });
}

test('a line that no longer fits into a log does not end the call', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  for (const words of [
    ['-U', 'node', script, 'a'],
    ['-U', 'node', '-'],
  ]) {
    const command = `exec 2>log; ulimit -f 0; exec "$@"`;
    const args = ['-c', command, 'bash', paths.launcher, ...words];
    t.match(await place.startProgram('bash', args, { input: '' }).ended, { code: 0, signal: null });
    t.equal(place.read('log'), '');
  }
});

test('what executes the interpreter gives it the signal as it was', async (t, place) => {
  const script = place.write('fills', 'dd if=/dev/zero of=filled bs=2048 count=1 2>&1; echo "status $?"');
  const plain = await under(place, '-f 1', ['sh', script]);
  const called = await under(place, '-f 1', [paths.launcher, '-U', 'sh', script]);
  t.strictSame([called.code, called.stdout], [plain.code, plain.stdout]);
});

function under(place: Place, limit: string, command: readonly string[]): Promise<Result> {
  return place.startProgram('bash', ['-c', `ulimit ${limit}; exec "$@"`, 'bash', ...command]).ended;
}
