import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { type Place, paths, prefork, type RunOptions, test } from '../helpers/index.js';
import { initialisations, launcherLines, told } from './tell.js';

const uid = process.getuid?.() ?? -1;
const root = uid === 0;
const ofTheUser = `/run/user/${uid}`;
const name = 'prefork-interp-node';

test('everything in the run directory is for its owner alone, whatever the umask', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  for (const umask of ['000', '022', '077']) {
    rmSync(place.runDirectory, { recursive: true, force: true });
    const call = ['-c', `umask ${umask}; exec "$0" -U node "$1"`, paths.launcher, script];
    for (const turn of ['cold', 'warm']) {
      t.match(told(await place.startProgram('/bin/sh', call).ended), { served: true }, `umask ${umask}, ${turn}`);
    }
    t.equal(lstatSync(place.runDirectory).mode & 0o7777, 0o700, `umask ${umask}`);
    const kinds = readdirSync(place.runDirectory).map((entry) => {
      const { mode } = lstatSync(join(place.runDirectory, entry));
      t.equal(mode & 0o777, 0o600, `${entry} under umask ${umask}`);
      return entry[0];
    });
    t.strictSame(kinds.sort(), ['i', 'l', 's', 'w']);
  }
});

test('XDG_RUNTIME_DIR comes first, an empty or relative one counts as none', async (t, place) => {
  t.equal(await directoryOf(place, {}), place.runDirectory);
  const otherwise = await directoryOf(place, { XDG_RUNTIME_DIR: undefined });
  t.not(otherwise, place.runDirectory);
  for (const value of ['', 'run', '../run', '.']) {
    t.equal(await directoryOf(place, { XDG_RUNTIME_DIR: value }), otherwise, `XDG_RUNTIME_DIR=${value}`);
  }
});

const byUser = existsSync(ofTheUser) && lstatSync(ofTheUser).uid === uid;

test('without it the directory of the user in /run comes next, else the one in HOME', async (t, place) => {
  const env = { XDG_RUNTIME_DIR: undefined };
  const inHome = join(place.root, 'home', `.${name}`, hostname());
  t.equal(await directoryOf(place, env), byUser ? join(ofTheUser, name) : inHome);
  if (!byUser) {
    for (const made of [inHome, dirname(inHome)]) t.equal(lstatSync(made).mode & 0o7777, 0o700, made);
  }
  if (!root) {
    t.comment(`only root can try both: ${ofTheUser} ${byUser ? 'is' : 'is not'} there`);
    return;
  }
  for (const [case_, make, expected] of [
    ['none', 'true', inHome],
    ['ours', `mkdir -p -m 700 ${ofTheUser}`, join(ofTheUser, name)],
    ["somebody else's", `mkdir -p -m 700 ${ofTheUser} && chown 7 ${ofTheUser}`, inHome],
    ['a file', `mkdir -p /run/user && touch ${ofTheUser}`, inHome],
    ['a link', `mkdir -p /run/user /run/x && ln -s /run/x ${ofTheUser}`, inHome],
  ] as const) {
    const before = ['unshare', '--mount', 'sh', '-c', `mount -t tmpfs none /run && ${make} && exec "$@"`, 'sh'];
    t.equal(await directoryOf(place, env, before), expected, `${ofTheUser}: ${case_}`);
  }
});

for (const named of [undefined, '/no/such/place'])
  test(`a server in the directory in HOME serves, and is found again: XDG_RUNTIME_DIR is ${named}`, async (t, place) => {
    if (byUser) {
      t.comment(`${ofTheUser} is there, so HOME is not used`);
      return;
    }
    const script = place.fixture('tells-its-call.mjs');
    const env = { XDG_RUNTIME_DIR: named };
    const [first, second] = [
      told(await place.script(script, [], { env })),
      told(await place.script(script, [], { env })),
    ];
    t.strictSame([first.served, second.served, initialisations(place)], [true, true, 1]);
    t.match(await prefork(place, ['ls'], { env }), { code: 0, stdout: /tells-its-call\.mjs/ });
    t.match(await place.call(['--kill', '-U', 'node', script], { env }), { code: 0, stderr: '' });
  });

const skip = `${ofTheUser} is there`;

/** What makes the directory useless, and the reason that is given to who asks for it. Whoever is root needs his rights taken away to be refused. */
const useless: [
  string,
  (place: Place) => { env?: RunOptions['env']; before?: string[]; skip?: string; after?: () => void },
  RegExp,
][] = [
  ['others may enter it', (place) => make(place, 0o710), /others have access to it \(its mode must be 0700\)/],
  ['others may read it', (place) => make(place, 0o704), /others have access to it/],
  ['others may write into it', (place) => make(place, 0o722), /others have access to it/],
  ["it is somebody else's", (place) => giveAway(place), /it belongs to somebody else/],
  ['it is a link to a good one', (place) => link(place), /cannot be used: (Not a directory|Too many levels)/],
  ['it is a link to nothing', (place) => linkToNothing(place), /cannot be used: (Not a directory|Too many levels)/],
  ['it is a file', (place) => file(place), /cannot be used: Not a directory/],
  [
    'the one above it is missing, and so is the home',
    () => ({ env: { XDG_RUNTIME_DIR: '/no/such/place', HOME: '/no/such/home' }, ...(byUser && { skip }) }),
    /neither XDG_RUNTIME_DIR nor HOME is a directory of this user/,
  ],
  ["both are somebody else's", (place) => strangersHome(place), /neither XDG_RUNTIME_DIR nor HOME is a directory of/],
  ['the one above it is a file', (place) => ({ env: { XDG_RUNTIME_DIR: place.write('x', '') } }), /Not a directory/],
  ['the one above it cannot be written', (place) => unwritable(place, 'run'), /cannot be used: Permission denied/],
  ['it cannot be written', (place) => unwritable(place, join('run', name)), /cannot lock .*: Permission denied/],
  ['a socket in it would have too long a path', (place) => deep(place, 80), /path of the socket .* would be too long/],
  ['its own path is too long', (place) => deep(place, 5000), /its path is too long|File name too long/],
  [
    'there is neither a runtime directory nor a home',
    () => ({ env: { XDG_RUNTIME_DIR: undefined, HOME: undefined }, ...(byUser && { skip }) }),
    /neither XDG_RUNTIME_DIR nor HOME is a directory of this user/,
  ],
];
for (const [why, arrange, message] of useless) {
  test(`the script runs plainly, and says why if it is asked, when ${why}`, async (t, place) => {
    const script = place.fixture('tells-its-call.mjs');
    const { env = {}, before = [], skip, after } = arrange(place);
    if (skip) {
      t.comment(`left out: ${skip}`);
      return;
    }
    for (const option of ['-U', '-Uf']) {
      const [program = '', ...words] = [...before, paths.launcher, option, 'node', script, 'a'];
      const debug = { PREFORK_INTERP_DEBUG: '1' };
      const result = await place.startProgram(program, words, { env: { ...env, ...debug } }).ended;
      t.match(told(result), { served: false, argv: { 2: 'a' } });
      t.match(result.stderr, /^prefork-interp: running [^\n]* plainly: [^\n]*\n$/);
      t.match(result.stderr, message);
      t.equal(result.code, 0);
    }
    const [program = '', ...words] = [...before, paths.launcher, '--kill', '-U', 'node', script];
    const kill = await place.startProgram(program, words, { env }).ended;
    if (kill.code === 0) {
      t.equal(kill.stderr, '', 'no directory, no server');
    } else {
      t.equal(kill.code, 127);
      t.match(kill.stderr, /^prefork-interp: cannot [^\n]*\n$|^prefork-interp: the path [^\n]*\n$/);
    }
    t.equal(initialisations(place), 2, 'and only once a call');
    after?.();
  });
}

test('the directory of a running server opened to others serves no call any more', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  await place.script(script);
  chmodSync(place.runDirectory, 0o755);
  const result = await place.script(script, [], { env: { PREFORK_INTERP_DEBUG: '1' } });
  t.equal(told(result).served, false);
  t.equal(launcherLines(result.stderr).length, 1);
  chmodSync(place.runDirectory, 0o700);
  t.equal(told(await place.script(script)).served, true);
});

/** Asks an interpreter that looks for its socket among the kernel's. */
async function directoryOf(place: Place, env: RunOptions['env'] = {}, before: string[] = []): Promise<string> {
  const ident = `here-${Math.random().toString(36).slice(2)}`;
  const finder = `#!/bin/sh\ngrep -o ' /.*/s${ident}$' /proc/net/unix | head -n 1\n`;
  chmodSync(place.write('finder/node', finder), 0o755);
  const args = [
    ...before,
    paths.launcher,
    '-U',
    '-g',
    ident,
    join(place.work, 'finder', 'node'),
    place.write('x.mjs', ''),
  ];
  const result = await place.startProgram(args[0] ?? '', args.slice(1), { env }).ended;
  const [found = ''] = result.stderr.split('\n');
  if (!found.startsWith(' /')) throw new Error(`no socket was made: ${JSON.stringify(result)}`);
  return dirname(found.slice(1));
}

function make(place: Place, mode: number): Record<string, never> {
  mkdirSync(place.runDirectory);
  chmodSync(place.runDirectory, mode);
  return {};
}

function giveAway(place: Place): { skip?: string } {
  if (!root) return { skip: 'only root can give a directory away' };
  make(place, 0o700);
  chownSync(place.runDirectory, 7, 7);
  return {};
}

/** As root gets them from `sudo -E`: what it made there would be in their owner's way. */
function strangersHome(place: Place): ReturnType<(typeof useless)[number][1]> {
  if (!root) return { skip: 'only root can give a directory away' };
  if (byUser) return { skip };
  for (const name of ['run', 'home']) chownSync(join(place.root, name), 7, 7);
  return {
    after: () => {
      for (const name of ['run', 'home']) {
        if (readdirSync(join(place.root, name)).length > 0) throw new Error(`something was made in ${name}`);
        chownSync(join(place.root, name), 0, 0);
      }
    },
  };
}

function link(place: Place): Record<string, never> {
  make(place, 0o700);
  renameSync(place.runDirectory, `${place.runDirectory}-real`);
  symlinkSync(`${place.runDirectory}-real`, place.runDirectory);
  return {};
}

function linkToNothing(place: Place): Record<string, never> {
  symlinkSync('nothing', place.runDirectory);
  return {};
}

function file(place: Place): Record<string, never> {
  writeFileSync(place.runDirectory, '', { mode: 0o600 });
  return {};
}

function unwritable(place: Place, folder: string): { before: string[]; after: () => void } {
  const path = join(place.root, folder);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o500);
  return {
    before: root ? ['setpriv', '--bounding-set', '-dac_override'] : [],
    after: () => chmodSync(path, 0o700),
  };
}

function deep(place: Place, length: number): { env: RunOptions['env'] } {
  let path = join(place.root, 'run');
  while (path.length < length) path = join(path, 'd'.repeat(Math.min(100, length - path.length)));
  if (length < 1000) mkdirSync(path, { recursive: true, mode: 0o700 });
  return { env: { XDG_RUNTIME_DIR: path } };
}
