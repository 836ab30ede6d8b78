import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, type RunOptions, test } from '../helpers/index.js';
import { told } from './tell.js';

/** One call: what is put before the launcher, what follows it, and how it is run. */
interface Call extends RunOptions {
  readonly before?: readonly string[];
  readonly options?: readonly string[];
  /** What joins options and interpreter to one word. */
  readonly oneWord?: ' ' | ',';
  readonly interpreter?: readonly string[];
  readonly script?: string;
  readonly args?: readonly string[];
  /** It can be made only once: a namespace is new each time. */
  readonly once?: boolean;
}

/** What the interpreters are called. */
const tools = ['node', 'node-two', 'other'];

const root = process.getuid?.() === 0;

/** Those that may be made here: containers forbid some, or all. */
const namespaces = ['net', 'uts', 'ipc', 'mount', 'cgroup', 'time'].filter(
  (kind) => root && spawnSync('unshare', [`--${kind}`, 'true']).status === 0,
);

/** They count for an interpreter whose initialisation nobody observes. */
const fixed: Record<string, string>[] = [
  { NO_COLOR: '' },
  { NO_COLOR: '1' },
  { FORCE_COLOR: '1' },
  { FORCE_COLOR: '0' },
  { CLICOLOR: '1' },
  { CLICOLOR_FORCE: '1' },
  { TERM: 'xterm' },
  { TERM: 'dumb' },
  { COLORTERM: 'truecolor' },
  { CI: 'true' },
  { DEBUG: '*' },
  { NODE_ENV: 'production' },
  { UV_THREADPOOL_SIZE: '2' },
  { SSL_CERT_FILE: '/tmp/x' },
  { OPENSSL_CONF: '/tmp/x' },
];

/** No observer sees that libc reads these. */
const unseen: Record<string, string>[] = [
  { LANG: 'de_DE.UTF-8' },
  { LANGUAGE: 'de' },
  { LC_ALL: 'C' },
  { LC_CTYPE: 'C' },
  { LD_LIBRARY_PATH: '/tmp' },
  { MALLOC_ARENA_MAX: '1' },
];

/** Runs the command with 0, 1 and 2 at a terminal, those taken away that a redirection names. */
const atTerminal = (redirection: string): readonly string[] => [
  '/bin/sh',
  '-c',
  `command=; for word in "$@"; do command="$command '$word'"; done; exec script -qec "$command ${redirection}" /dev/null`,
  'sh',
];

/** Each of these calls needs a server of its own: none may have the ident of another. */
const apart: Record<string, Call> = {
  'none of all this': {},
  ...Object.fromEntries(unseen.map((env) => [`variable ${JSON.stringify(env)}`, { env }])),
  'no LANG': { env: { LANG: undefined } },
  'another script': { script: 'second.mjs' },
  'a link to the script': { script: 'link.mjs' },
  'the script over another path': { script: 'linked/first.mjs' },
  'the script over ..': { script: 'other/../first.mjs' },
  'an interpreter of another name': { interpreter: ['./tools/node-two'] },
  'the interpreter over another path': { interpreter: ['tools/node'] },
  'an interpreter argument': { interpreter: ['./tools/node', '--no-warnings'] },
  'another interpreter argument': { interpreter: ['./tools/node', '--no-deprecation'] },
  'two interpreter arguments': { interpreter: ['./tools/node', '--no-warnings', '--no-deprecation'] },
  'two interpreter arguments the other way round': {
    interpreter: ['./tools/node', '--no-deprecation', '--no-warnings'],
  },
  '-E of an absent variable': { options: ['-E', 'X'] },
  '-E of an empty variable': { options: ['-E', 'X'], env: { X: '' } },
  '-E of a variable': { options: ['-E', 'X'], env: { X: '1' } },
  '-E of two': { options: ['-E', 'X', '-E', 'Y'] },
  '-E of two the other way round': { options: ['-E', 'Y', '-E', 'X'] },
  '-E of the first of two': { options: ['-E', 'X', '-E', 'Y'], env: { X: '1' } },
  '-E of the second of two': { options: ['-E', 'X', '-E', 'Y'], env: { Y: '1' } },
  '-G': { options: ['-G', 'X'] },
  '-G of two': { options: ['-G', 'a', '-G', 'b'] },
  '-G of two the other way round': { options: ['-G', 'b', '-G', 'a'] },
  '-G of both in one': { options: ['-G', 'ab'] },
  '-G of one and nothing': { options: ['-G', 'ab', '-G', ''] },
  '-G before -E': { options: ['-G', 'X', '-E', 'X'] },
  '-E before -G': { options: ['-E', 'X', '-G', 'X'] },
  '-g': { options: ['-g', 'mine'] },
  'a nice value': { before: ['nice', '-n', '5'] },
  'a scheduling policy': { before: ['chrt', '--batch', '0'] },
  'an io priority': { before: ['ionice', '-c', '3'] },
  'one processor': { before: ['taskset', '-c', '0'] },
  'a hard limit': { before: ['bash', '-c', 'ulimit -H -c 1000; exec "$@"', 'bash'] },
  no_new_privs: { before: ['setpriv', '--no-new-privs'] },
  ...(root && {
    'a bounding set': { before: ['setpriv', '--bounding-set', '-sys_ptrace'] },
    'supplementary groups': { before: ['setpriv', '--groups', '7'] },
    ...Object.fromEntries(
      namespaces.map((kind) => [`another ${kind} namespace`, { before: ['unshare', `--${kind}`], once: true }]),
    ),
    'another group': { before: ['setpriv', '--regid', '7', '--keep-groups'] },
  }),
};

/** These are apart where the interpreter is not Node; where it is, only once initialisation has looked at them (test/worlds). */
const surroundings: Record<string, Call> = {
  ...Object.fromEntries(fixed.map((env) => [`variable ${JSON.stringify(env)}`, { env }])),
  'stdout at a terminal': { before: atTerminal('2>/dev/null') },
  'stderr at a terminal': { before: atTerminal('>/dev/null') },
  'both at a terminal': { before: atTerminal('</dev/null') },
  'another directory': { cwd: 'other' },
};

/** Each of these calls shares its server with the first call above. */
const together: Record<string, Call> = {
  'other arguments': { args: ['a', '-b'] },
  'a variable that is not covered': { env: { EDITOR: 'ed', PREFORK_INTERP_WAIT: '7' } },
  'another time zone': { env: { TZ: 'Asia/Tokyo' } },
  'what comes and goes': { env: { SHLVL: '7', OLDPWD: '/', PWD: '/nowhere', _: 'x' } },
  'another path and home': { env: { PATH: '/bin:/usr/bin', HOME: '/' } },
  'another umask': { before: ['sh', '-c', 'umask 077; exec "$@"', 'sh'] },
  'soft limits': { before: ['bash', '-c', 'ulimit -S -n 500; ulimit -S -c 0; ulimit -S -s 4096; exec "$@"', 'bash'] },
  'another session': { before: ['setsid', '-w'] },
  'stdin at a terminal': { before: atTerminal('>/dev/null 2>/dev/null') },
  'ignored signals': { before: ['sh', '-c', 'trap \'\' HUP INT; exec "$@"', 'sh'] },
  'more descriptors': { before: ['bash', '-c', 'exec "$@" 3</dev/null 70</dev/null', 'bash'] },
  'stdin closed': { before: ['bash', '-c', 'exec "$@" <&-', 'bash'] },
  'the script over a relative path': { script: 'first.mjs' },
  'the script over a dotted path': { script: './/./first.mjs' },
  ...surroundings,
  'the options in one word': { oneWord: ' ' },
  'the options in one word with commas': { oneWord: ',' },
  'debugging of the launcher': { env: { PREFORK_INTERP_DEBUG: '1' } },
};

test('what needs a server of its own has an ident of its own', async (t, place) => {
  arrange(place);
  const seen = new Map<string, string>();
  for (const [name, call] of Object.entries(apart)) {
    const ident = await identOf(place, call);
    t.equal(seen.get(ident), undefined, `${name}: no other call has this ident`);
    if (!call.once) t.equal(await identOf(place, call), ident, `${name}: the same a second time`);
    seen.set(ident, name);
  }
  t.equal(seen.get('mine'), '-g');
  t.comment(`namespaces: ${namespaces.join(', ') || 'none, they may not be made here'}`);
  if (!root) t.comment('bounding set and groups are left out: only root may change them');
});

test('what a process can set for itself, or what says nothing of initialisation, shares a server', async (t, place) => {
  arrange(place);
  const ident = await identOf(place, {});
  t.match(ident, /^[0-9a-f]{33,64}$/);
  for (const [name, call] of Object.entries(together)) t.equal(await identOf(place, call), ident, name);
});

test('without an observer a fixed list decides', async (t, place) => {
  arrange(place);
  const interpreter = ['./tools/other'];
  const seen = new Set([await identOf(place, { interpreter })]);
  for (const [name, call] of Object.entries(surroundings)) {
    const ident = await identOf(place, { ...call, interpreter });
    t.notOk(seen.has(ident), `${name}: no other call has this ident`);
    seen.add(ident);
  }
});

test('-g decides alone', async (t, place) => {
  arrange(place);
  for (const [name, call] of Object.entries(apart)) {
    if (call.options) continue;
    t.equal(await identOf(place, { ...call, options: ['-g', 'Shared.1'] }), 'Shared.1', name);
  }
});

test('an interpreter or a script folder that was replaced, or an interpreter that was changed, is another', async (t, place) => {
  arrange(place);
  const node = join(place.work, 'tools', 'node');
  const idents = [await identOf(place, {})];
  utimesSync(node, 1, 1);
  idents.push(await identOf(place, {}));
  copyFileSync(node, `${node}-new`);
  utimesSync(`${node}-new`, 1, 1);
  renameSync(`${node}-new`, node);
  idents.push(await identOf(place, {}));
  const inFolder = { script: 'other/third.mjs' };
  idents.push(await identOf(place, inFolder));
  renameSync(join(place.work, 'other'), join(place.work, 'was-other'));
  mkdirSync(join(place.work, 'other'));
  idents.push(await identOf(place, inFolder));
  t.equal(new Set(idents).size, idents.length);
});

test('a deleted current directory, and one without a name, are directories', async (t, place) => {
  arrange(place);
  const command = 'mkdir gone; cd gone; rmdir ../gone; exec "$@"';
  const call = {
    before: ['sh', '-c', command, 'sh'],
    interpreter: [join(place.work, 'tools', 'node')],
    script: join(place.work, 'first.mjs'),
  };
  t.match(await identOf(place, call), /^[0-9a-f]{33,64}$/);
});

test('end to end: who differs in what initialisation looked at gets his own answer, warm too', async (t, place) => {
  const script = place.write(
    'looks.mjs',
    `import { initialisationComplete } from 'prefork-interp';
    const seen = [process.env.NO_COLOR ?? null, process.env.X ?? null, process.cwd(), process.execArgv];
    const served = initialisationComplete();
    process.stdout.write(JSON.stringify({ served, seen, args: process.argv.slice(2) }));`,
  );
  const other = join(place.root, 'home');
  for (const turn of ['cold', 'warm']) {
    for (const [env, cwd, words] of [
      [{}, place.work, []],
      [{ NO_COLOR: '1' }, place.work, []],
      [{ X: 'y' }, place.work, []],
      [{}, other, []],
      [{}, place.work, ['--no-warnings']],
    ] as const) {
      const result = await place.call(['-U', '-E', 'X', 'node', ...words, script, turn], { env, cwd });
      const expected = { served: true, seen: [env.NO_COLOR ?? null, env.X ?? null, cwd, words], args: [turn] };
      t.strictSame(told(result) as unknown, expected, turn);
    }
  }
  t.equal(place.servers().length, 5);
});

/** An interpreter that notes the ident of the server that is being started, and is none. */
function arrange(place: Place): void {
  const note = `#!/bin/sh\ncd "$XDG_RUNTIME_DIR/prefork-interp-node" && echo s* >${place.work}/ident\n`;
  for (const name of tools) chmodSync(place.write(`tools/${name}`, note), 0o755);
  for (const name of ['first.mjs', 'second.mjs', 'other/third.mjs']) place.write(name, '');
  symlinkSync('first.mjs', join(place.work, 'link.mjs'));
  symlinkSync('.', join(place.work, 'linked'));
  mkdirSync(join(place.work, 'other', 'tools'));
  for (const name of tools) symlinkSync(`../../tools/${name}`, join(place.work, 'other', 'tools', name));
}

async function identOf(place: Place, call: Call): Promise<string> {
  const {
    before = [],
    options = [],
    interpreter = ['./tools/node'],
    script = join(place.work, 'first.mjs'),
    args = [],
  } = call;
  rmSync(join(place.work, 'ident'), { force: true });
  const words = ['-U', ...options, ...interpreter];
  const front = call.oneWord ? [words.join(call.oneWord)] : words;
  const [program = '', ...rest] = [...before, paths.launcher, ...front, script, ...args];
  const cwd = join(place.work, call.cwd ?? '.');
  const result = await place.startProgram(program, rest, { ...call, cwd }).ended;
  try {
    return readFileSync(join(place.work, 'ident'), 'latin1').trim().slice(1);
  } catch {
    throw new Error(`no server was started: ${JSON.stringify(result)}`);
  }
}
