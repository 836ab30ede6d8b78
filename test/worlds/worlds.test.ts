/** What initialisation looked at decides who shares its server; and nothing else does. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, type Result, test } from '../helpers/index.js';

interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

interface Answer {
  readonly served: boolean;
  readonly seen: unknown;
  /** Of the process that ran the initialisation. */
  readonly pid: number;
}

/** The code that initialisation runs, what it sees in one world and in another; null: the worlds are one. */
const worlds: [name: string, code: string, first: World, second: World, seen: [unknown, unknown] | null][] = [
  ['a variable that it reads', 'process.env.MY_THING ?? null', {}, { env: { MY_THING: 'a' } }, [null, 'a']],
  ['the empty value of one', 'process.env.MY_THING ?? null', { env: { MY_THING: '' } }, {}, ['', null]],
  ['a variable that it does not read', "'x'", {}, { env: { MY_THING: 'a' } }, null],
  ['NODE_ENV, which it does not read', "'x'", {}, { env: { NODE_ENV: 'production' } }, null],
  [
    'NO_COLOR after FORCE_COLOR',
    'process.stderr.getColorDepth?.() ?? [process.env.FORCE_COLOR ?? null, process.env.NO_COLOR ?? null]',
    { env: { FORCE_COLOR: '1' } },
    { env: { NO_COLOR: '1' } },
    [
      ['1', null],
      [null, '1'],
    ],
  ],
  ['another time zone', 'new Date(0).getHours()', { env: { TZ: 'UTC' } }, { env: { TZ: 'Asia/Tokyo' } }, [0, 9]],
  [
    'an environment that is copied',
    '({ ...process.env }).MY_THING ?? null',
    {},
    { env: { MY_THING: 'a' } },
    [null, 'a'],
  ],
  [
    'names that are listed',
    "Object.keys(process.env).filter((name) => name.startsWith('MY_'))",
    {},
    { env: { MY_THING: 'a' } },
    [[], ['MY_THING']],
  ],
  [
    'volatile variables where the environment is copied',
    "Object.keys({ ...process.env }).includes('PATH')",
    { env: { PWD: '/a', SHLVL: '1', SSH_TTY: '/dev/pts/0', _: '/bin/a' } },
    { env: { PWD: '/b', SHLVL: '2', _: '/bin/b' } },
    null,
  ],
  [
    'a volatile variable that is read by name',
    'process.env.PWD',
    { env: { PWD: '/a' } },
    { env: { PWD: '/b' } },
    ['/a', '/b'],
  ],
  [
    'a volatile variable that is read by name before the environment is copied',
    '[process.env.SHLVL, Object.keys({ ...process.env }).length > 0]',
    { env: { PWD: '/a', SHLVL: '1' } },
    { env: { PWD: '/a', SHLVL: '2' } },
    [
      ['1', true],
      ['2', true],
    ],
  ],
];

for (const [name, code, first, second, seen] of worlds) {
  test(`${seen ? 'apart' : 'together'}: ${name}`, async (t, place) => {
    for (const script of [commonjs(place, code), module(place, code)]) {
      const one = await answer(place, script, first);
      const two = await answer(place, script, second);
      if (seen) t.strictSame([one.seen, two.seen], seen, script);
      else t.strictSame(two, one, `${script}: the same initialisation`);
      t.strictSame(await answer(place, script, first), one, `${script}: warm`);
      t.strictSame(await answer(place, script, second), two, `${script}: warm in the second world`);
    }
  });
}

test('a variable that is read only in one world: the others start anew, once', async (t, place) => {
  const script = module(place, 'process.env.FIRST ? (process.env.SECOND ?? null) : 0');
  const without = { env: { SECOND: 'a' } };
  const first = { env: { FIRST: '1', SECOND: 'b' } };
  t.equal((await answer(place, script, without)).seen, 0);
  t.equal((await answer(place, script, first)).seen, 'b');
  const later = [await answer(place, script, without), await answer(place, script, first)];
  t.strictSame(
    later.map(({ seen }) => seen),
    [0, 'b'],
  );
  t.strictSame([await answer(place, script, without), await answer(place, script, first)], later, 'warm');
  t.equal(place.servers().length, 2, 'the server that nobody finds any more has left');
});

test('another directory: always for an ES module, for CommonJS if it was asked for', async (t, place) => {
  const other = join(place.root, 'other');
  mkdirSync(other);
  const scripts: [script: string, apart: boolean][] = [
    [commonjs(place, "'x'"), false],
    [place.write('asks.cjs', body("require('prefork-interp')", 'process.cwd()')), true],
    [place.write('reads.cjs', body("require('prefork-interp')", "require('node:fs').existsSync('data')")), true],
    [module(place, "'x'"), true],
  ];
  for (const [script, apart] of scripts) {
    const here = await answer(place, script, {});
    const there = await answer(place, script, { cwd: other });
    t.equal(here.pid !== there.pid, apart, script);
    t.strictSame(await answer(place, script, {}), here, `${script}: warm`);
    t.strictSame(await answer(place, script, { cwd: other }), there, `${script}: warm in the other directory`);
  }
});

test('-C: one server for every directory, and each call runs in its own', async (t, place) => {
  const other = join(place.root, 'other');
  mkdirSync(other);
  const script = place.write('where.mjs', `${body("await import('prefork-interp')", '0')} console.log(process.cwd());`);
  const pids = new Set<number>();
  for (const [cwd, name] of [
    [place.work, 'where.mjs'],
    [other, script],
    ['/', script],
    [place.root, 'work/where.mjs'],
  ] as const) {
    const { stdout, stderr } = await place.call(['-UC', 'node', name], { cwd });
    t.equal(stderr, '');
    const [, told = '', directory] = /^(.*\})(.*)$/m.exec(stdout) ?? [];
    t.equal(directory, cwd);
    pids.add((JSON.parse(told) as Answer).pid);
  }
  t.equal(pids.size, 1);
});

test('first calls of many worlds at once get each its own answer, and then each world is warm', async (t, place) => {
  for (let round = 0; round < 4; round++) {
    const script = module(place, 'process.env.MY_THING', `round-${round}`);
    const values = ['a', 'b', 'c', 'a', 'b', 'c', 'a', 'd'];
    const answers = await Promise.all(values.map((value) => answer(place, script, { env: { MY_THING: value } })));
    t.strictSame(
      answers.map(({ seen }) => seen),
      values,
    );
    const warm = await initialisations(place, script, ['a', 'b', 'c', 'd']);
    t.strictSame(await initialisations(place, script, ['a', 'b', 'c', 'd']), warm, 'no call started a server');
  }
});

async function initialisations(place: Place, script: string, values: readonly string[]): Promise<readonly number[]> {
  const pids: number[] = [];
  for (const value of values) pids.push((await answer(place, script, { env: { MY_THING: value } })).pid);
  return pids;
}

function commonjs(place: Place, code: string): string {
  return place.write('script.cjs', body("require('prefork-interp')", code));
}

function module(place: Place, code: string, name = 'script'): string {
  return place.write(`${name}.mjs`, body("await import('prefork-interp')", code));
}

/** Tells what initialisation saw, and the pid of the process that saw it. */
function body(library: string, code: string): string {
  return `const { initialisationComplete } = ${library};
    const seen = ${code};
    const { pid } = process;
    const served = initialisationComplete();
    process.stdout.write(JSON.stringify({ served, seen, pid }));`;
}

async function answer(place: Place, script: string, { env = {}, cwd = place.work }: World): Promise<Answer> {
  const result = await place.script(script, [], { env, cwd });
  return told(result);
}

function told(result: Result): Answer {
  const { code, stdout, stderr } = result;
  if (code !== 0 || stderr !== '') throw new Error(JSON.stringify({ code, stdout, stderr }));
  return JSON.parse(stdout) as Answer;
}
