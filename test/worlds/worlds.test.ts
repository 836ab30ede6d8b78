/** What initialisation looked at decides who shares its server; and nothing else does. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { killProcess, type Place, paths, type Result, test, waitFor } from '../helpers/index.js';

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
    'values where names are listed, as the package debug does it',
    'Object.keys(process.env).filter((name) => /^debug_/i.test(name)).map((name) => process.env[name])',
    {
      env: {
        DEBUG_DEPTH: '2',
        GIT_AUTHOR_DATE: '@1',
        npm_lifecycle_event: 'a',
        INIT_CWD: '/a',
        VSCODE_IPC_HOOK_CLI: '/a',
      },
    },
    {
      env: {
        DEBUG_DEPTH: '2',
        GIT_AUTHOR_DATE: '@2',
        npm_lifecycle_event: 'b',
        INIT_CWD: '/b',
        VSCODE_IPC_HOOK_CLI: '/b',
      },
    },
    null,
  ],
  [
    'the value of one that is found among listed names',
    'Object.keys(process.env).filter((name) => /^debug_/i.test(name)).map((name) => process.env[name])',
    { env: { DEBUG_DEPTH: '2', GIT_AUTHOR_DATE: '@1' } },
    { env: { DEBUG_DEPTH: '3', GIT_AUTHOR_DATE: '@1' } },
    [['2'], ['3']],
  ],
  [
    'names that come and go, where names are listed',
    "Object.keys(process.env).includes('PATH')",
    { env: { PWD: '/a', SHLVL: '1' } },
    { env: { PWD: '/a', OLDPWD: '/b', _: '/bin/b', STARSHIP_SESSION_KEY: '1', GITHEAD_8d33c2: 'topic' } },
    null,
  ],
  [
    'what comes and goes where the environment is copied',
    "Object.keys({ ...process.env }).includes('PATH')",
    { env: { PWD: '/a', SHLVL: '1', _: '/bin/a' } },
    { env: { PWD: '/b', SHLVL: '2', _: '/bin/b', OLDPWD: '/b' } },
    null,
  ],
  [
    'the values of what names a session where the environment is copied',
    "Object.keys({ ...process.env }).includes('PATH')",
    { env: { SSH_CONNECTION: '1', CLAUDE_CODE_SESSION_ID: '1' } },
    { env: { SSH_CONNECTION: '2', CLAUDE_CODE_SESSION_ID: '2' } },
    null,
  ],
  [
    'that there is such a session',
    "'SSH_CONNECTION' in { ...process.env }",
    { env: { SSH_CONNECTION: '1' } },
    {},
    [true, false],
  ],
  ...[
    ...[
      'SSH_AUTH_SOCK',
      'DBUS_SESSION_BUS_ADDRESS',
      'KRB5CCNAME',
      'GPG_TTY',
      'TMUX',
      'VSCODE_GIT_IPC_HANDLE',
      'COLUMNS',
    ],
    ...['GIT_INDEX_FILE', 'GIT_DIR', 'GIT_WORK_TREE', 'GIT_AUTHOR_DATE', 'INIT_CWD', 'npm_lifecycle_event'],
  ].map((name): (typeof worlds)[number] => [
    `${name} where the environment is copied`,
    `({ ...process.env }).${name} ?? null`,
    { env: { [name]: '/a' } },
    { env: { [name]: '/b' } },
    ['/a', '/b'],
  ]),
  [
    'one that comes and goes, read by name',
    'process.env.PWD',
    { env: { PWD: '/a' } },
    { env: { PWD: '/b' } },
    ['/a', '/b'],
  ],
  [
    'one that comes and goes, read by name before the environment is copied',
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

/** What the script ignores, and whether calls that differ in GIT_AUTHOR_DATE share its server. */
const ignoring: [ignored: readonly string[], code: string, together: boolean][] = [
  [['GIT_AUTHOR_DATE'], '({ ...process.env }).PATH', true],
  [['GIT_*'], '({ ...process.env }).PATH', true],
  [['GIT_AUTHOR_D', 'X*'], '({ ...process.env }).PATH', false],
  [['GIT_AUTHOR_DATE'], '[process.env.GIT_AUTHOR_DATE, { ...process.env }].length', false],
  [[], '({ ...process.env }).PATH', false],
];

test('what a script says to be harmless decides nothing where it copies its environment, and all where it is read by name', async (t, place) => {
  // One file for all: the newest initialisation decides what is ignored.
  for (const [ignored, code, together] of ignoring) {
    const script = place.write(
      'script.cjs',
      body("require('prefork-interp')", code).replace(
        'Complete()',
        `Complete({ ignoreVariables: ${JSON.stringify(ignored)} })`,
      ),
    );
    const pids = new Set<number>();
    for (const date of ['@1', '@2', '@1', '@2'])
      pids.add((await answer(place, script, { env: { GIT_AUTHOR_DATE: date } })).pid);
    t.equal(pids.size, together ? 1 : 2, `${ignored}: ${code}`);
    for (const server of place.servers()) killProcess(server);
    await waitFor('servers to go', () => place.processes().length === 0);
  }
});

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

test('the umask: of each call where initialisation asks for it; else all share a server', async (t, place) => {
  for (const [code, apart] of [
    ['process.umask()', true],
    ['process.umask(0o27)', true],
    ["'x'", false],
  ] as const) {
    const script = place.write(`umask-${code.length}.cjs`, body("require('prefork-interp')", code));
    const pids = new Set<number>();
    for (const mask of [0o22, 0o77, 0o22, 0o77]) {
      const command = `umask ${mask.toString(8)}; exec ${paths.launcher} -U node ${script}`;
      const { seen, pid } = told(await place.startProgram('sh', ['-c', command]).ended);
      if (apart) t.equal(seen, mask, code);
      pids.add(pid);
    }
    t.equal(pids.size, apart ? 2 : 1, `${code}: servers`);
    for (const server of place.servers()) killProcess(server);
    await waitFor('servers to go', () => place.processes().length === 0);
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
