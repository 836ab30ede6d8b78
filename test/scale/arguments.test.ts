/** Arguments and environment of any size that the kernel takes. */
import { spawnSync } from 'node:child_process';
import { type Place, paths, type Result, test } from '../helpers/index.js';

const { launcher } = paths;
/** MAX_ARG_STRLEN of Linux without its NUL. */
const LONGEST = 131_071;

const calls: [name: string, args: readonly string[], env: Record<string, string>][] = [
  ['an argument of the greatest length', [`${'ä'.repeat(LONGEST / 2)}x`], {}],
  ['a variable of the greatest length', [], { A: 'x'.repeat(LONGEST - 2) }],
  ['100,000 arguments', Array.from({ length: 100_000 }, (_, index) => String(index)), {}],
  ['100,000 empty arguments', Array.from({ length: 100_000 }, () => ''), {}],
  ['5,000 variables', [], Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`V${index}`, `${index}`]))],
];

test('arguments and variables arrive, however long or many', async (t, place) => {
  const script = place.fixture('tells-digests.mjs');
  await place.script(script);
  for (const [name, args, env] of calls) {
    const [plain, warm] = [await place.plain(script, args, { env }), await place.script(script, args, { env })];
    t.match(plain, { code: 0, stderr: 'plain\n' }, name);
    t.match(warm, { code: 0, stdout: plain.stdout, stderr: 'forked\n' }, name);
  }
  t.equal(place.servers().length, 1);
});

/** 2 MiB altogether by default, 6 MiB at most. */
const stacks: [name: string, shell: string][] = [
  ['a stack of 8 MiB', 'ulimit -S -s 8192'],
  ['an unlimited stack', 'ulimit -S -s unlimited'],
];
for (const [stack, shell] of stacks) {
  const possible = spawnSync('/bin/sh', ['-c', shell]).status === 0;
  test(
    `with ${stack} a call may have as much as the kernel gives the launcher`,
    async (t, place) => {
      const script = place.fixture('tells-digests.mjs');
      await place.script(script, [], {});
      for (const what of ['arguments', 'variables']) {
        const fill = (less: number, ...program: string[]) => filled(place, shell, what, less, [...program, script]);
        const plain = await fill(0, paths.nodeUnderTest);
        t.match(plain, { code: 0, stderr: 'plain\n' }, what);
        t.match(await fill(0, launcher, '-U', 'node'), { code: 0, stdout: plain.stdout, stderr: 'forked\n' }, what);
      }
    },
    { skip: possible ? false : 'the hard limit is lower' },
  );
}

test('what setup gets beside a call does not fit in the last bytes: the call runs plainly, with a line', async (t, place) => {
  const script = place.fixture('tells-digests.mjs');
  const first = (less: number) => filled(place, ':', 'arguments', less, [launcher, '-U', 'node', script]);
  t.match(await first(0), {
    code: 0,
    stderr: `prefork-interp: running ${script} plainly: cannot start its initialisation: Argument list too long\nplain\n`,
  });
  t.strictSame(place.sockets(), []);
  t.match(await first(4096), { code: 0, stderr: 'forked\n' });
});

/** Runs a program with as much as the kernel takes, less some bytes. */
function filled(place: Place, shell: string, what: string, less: number, command: readonly string[]): Promise<Result> {
  const fills = place.fixture('fills-call.mjs');
  const args = ['-c', `${shell}; exec "$@"`, 'sh', 'node', fills, what, String(less), ...command];
  return place.startProgram('/bin/sh', args, { env: { LAUNCHER: launcher } }).ended;
}
