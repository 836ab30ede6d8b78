import { spawnSync } from 'node:child_process';
import { paths, type RunOptions, test } from '../helpers/index.js';
import { initialisations, launcherLines, told } from '../launcher/tell.js';

const version = Number(/^v(\d+)/.exec(spawnSync(paths.nodeUnderTest, ['--version']).stdout.toString())?.[1]);
const permission = version >= 24 ? '--permission' : '--experimental-permission';

/** Circumstances under which a call cannot be served: what they are, and the reason in the line. */
const circumstances: [
  name: string,
  call: { env?: RunOptions['env']; node?: string[]; before?: string[] },
  reason: RegExp,
][] = [
  ['sockets to listen on', { env: { LISTEN_FDS: '1' } }, /sockets to listen on \(LISTEN_FDS\)$/],
  ['a preloaded library', { env: { LD_PRELOAD: 'libm.so.6' } }, /LD_PRELOAD is set$/],
  ['an inspector', { node: ['--inspect=0'] }, /not shared under --inspect=0$/],
  [
    'an inspector on another port',
    { node: ['--inspect-port=0', '--inspect=127.0.0.1:0'] },
    /not shared under --inspect/,
  ],
  [
    'a permission model',
    { node: [permission, '--allow-fs-read=*', '--allow-fs-write=*'] },
    /not shared under --\S*permission$/,
  ],
  [
    'an inspector in NODE_OPTIONS',
    { env: { NODE_OPTIONS: '--no-warnings --inspect=0' } },
    /under --inspect=0 in NODE_OPTIONS$/,
  ],
  [
    'permissions in NODE_OPTIONS',
    { env: { NODE_OPTIONS: `${permission} --allow-fs-read=* --allow-fs-write=*` } },
    /permission in NODE_OPTIONS$/,
  ],
  [
    'few descriptors',
    { before: ['bash', '-c', 'ulimit -S -n 200; exec "$@"', 'bash'] },
    /fewer than 256 descriptors are allowed/,
  ],
];
for (const [name, { env, node = [], before = [] }, reason] of circumstances) {
  test(`with ${name} the script runs plainly, with a line the first time, also when there is a server`, async (t, place) => {
    const script = place.fixture('tells-its-call.mjs');
    t.match(told(await place.script(script)), { served: true });
    const [program = '', ...words] = [...before, paths.launcher, '-U', 'node', ...node, script, 'a'];
    for (const call of [1, 2]) {
      const result = await place.startProgram(program, words, { ...(env && { env }) }).ended;
      const { served, argv, execArgv } = told(result);
      t.strictSame([served, argv[2], execArgv], [false, 'a', node], `call ${call}`);
      const [line = '', ...more] = launcherLines(result.stderr);
      if (call === 2) {
        t.equal(line, '', 'it was said a moment ago');
        continue;
      }
      t.match(line, /^prefork-interp: running \S+ plainly: /);
      t.match(line, reason);
      t.strictSame(more, []);
    }
    t.equal(place.sockets().length, 1, 'no other server was started');
  });
}

test('a child with a channel to its parent runs plainly, and the channel works', async (t, place) => {
  const script = place.write(
    'answers.mjs',
    `import { initialisationComplete } from 'prefork-interp';
    const served = initialisationComplete();
    process.once('message', (message) => process.send({ served, message }, () => process.disconnect()));`,
  );
  const call = place.start(['-U', 'node', script], {
    env: { NODE_CHANNEL_FD: '3', NODE_CHANNEL_SERIALIZATION_MODE: 'json' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const answer = new Promise((resolve) => call.child.once('message', resolve));
  call.child.send('hello');
  t.strictSame(await answer, { served: false, message: 'hello' });
  const result = await call.ended;
  t.match(result, {
    code: 0,
    stderr: /^prefork-interp: running \S+ plainly: its parent talks to it over a channel[^\n]*\n$/,
  });
  t.strictSame(place.sockets(), []);
});

/** What is no script has nothing to share. */
test('code on the command line, on standard input, and none: plainly, with a line for each reason', async (t, place) => {
  const said = new Set<string>();
  for (const [words, input, stdout] of [
    [['-e', 'console.log(1 + 1)'], '', '2\n'],
    [['-p', '1 + 1'], '', '2\n'],
    [['-'], 'console.log(process.argv[2])', 'undefined\n'],
    [['-', 'x'], 'console.log(process.argv[2])', 'x\n'],
    [[], 'console.log(3)', '3\n'],
    [['--check', place.write('good.mjs', '')], '', ''],
    [['--version'], '', `v${version}.`],
  ] as const) {
    const result = await place.call(['-U', 'node', ...words], { input });
    t.equal(result.code, 0, words.join(' '));
    t.ok(result.stdout.startsWith(stdout), words.join(' '));
    t.match(result.stderr, /^$|^prefork-interp: running [^\n]+ plainly: [^\n]*\n$/, words.join(' '));
    t.notOk(said.has(result.stderr), 'no line twice');
    if (result.stderr !== '') said.add(result.stderr);
  }
  t.equal(said.size, 6, 'standard input and none have no script to share; -e, -p, --check, --version');
  t.strictSame(place.sockets(), []);
});

test('PREFORK_INTERP_DISABLE runs the script plainly and says nothing', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  for (const [value, served] of [
    ['1', false],
    ['yes', false],
    ['0', true],
    ['', true],
  ] as const) {
    const result = await place.script(script, ['a'], { env: { PREFORK_INTERP_DISABLE: value } });
    t.match(told(result), { served, argv: { 2: 'a' } }, `PREFORK_INTERP_DISABLE=${value}`);
    t.equal(result.stderr, '');
  }
  const debug = await place.script(script, [], { env: { PREFORK_INTERP_DISABLE: '1', PREFORK_INTERP_DEBUG: '1' } });
  t.match(debug.stderr, /^prefork-interp: running \S+ plainly: PREFORK_INTERP_DISABLE is set\n$/);
});

test('PREFORK_INTERP_DEBUG says why a call was not served by a waiting process, and only then', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  const env = { PREFORK_INTERP_DEBUG: '1', LC_NAME: 'a secret' };
  const cold = (await place.script(script, [], { env })).stderr;
  t.match(
    cold,
    /^prefork-interp: starting a server for \S+: there was none\nprefork-interp: the ident of \S+ is \w{33,}\n/,
  );
  t.match(cold, `prefork-interp: the ident covers script: ${script}\n`);
  t.match(cold, /^prefork-interp: the ident covers environment: LC_NAME, sha256 \w{8}$/m);
  t.notMatch(cold, 'a secret');
  t.match(cold, /^(prefork-interp: (starting|the ident) .*\n){30,60}$/, 'an item a line, and nothing else');
  t.equal((await place.script(script, [], { env })).stderr, '');
  t.match(
    (await place.call(['-Uf', 'node', script], { env })).stderr,
    /^prefork-interp: starting a server for \S+: -f was given\n/,
  );
  const named = (await place.call(['-U', '-g', 'x', 'node', script], { env })).stderr;
  t.match(named, /^.*there was none\nprefork-interp: the ident of \S+ is x, as -g says, and covers nothing else\n$/);
});

/** Values of PREFORK_INTERP that a process merely inherited. No descriptors of that number are sockets. */
const inherited = [
  'v1,1.000000000,node1:1 64,65,66,67,68',
  'v1,1.000000000,node1:999999999 3,4,5,6',
  'v1,1.000000000 3,4,5,6',
  'v1,1.000000000 0,1,2,3',
  'v2,1.000000000 3,4,5,6',
  'v1',
  '',
  'rubbish , ,, x',
  'v1,x.y,node1: a,b,c',
];

test('a PREFORK_INTERP that was merely inherited is ignored, plainly and under the launcher', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  for (const [index, value] of inherited.entries()) {
    const env = { PREFORK_INTERP: value };
    const plain = await place.plain(script, [], { env });
    t.match(told(plain), { served: false }, value);
    t.equal(plain.stderr, '', value);
    const called = await place.script(script, [], { env });
    t.match(told(called), { served: true }, value);
    t.equal(called.stderr, '', value);
    t.equal(initialisations(place), index + 2, 'one server');
  }
});

test('what a script starts, before or after its initialisation, is no setup', async (t, place) => {
  const child = place.fixture('tells-its-call.mjs');
  const script = place.write(
    'starts.mjs',
    `import { spawnSync } from 'node:child_process';
    const start = () => JSON.parse(spawnSync(process.execPath, [process.argv[2] ?? ${JSON.stringify(child)}]).stdout).served;
    const before = start();
    const { initialisationComplete } = await import('prefork-interp');
    const loaded = start();
    const served = initialisationComplete();
    process.stdout.write(JSON.stringify([served, before, loaded, start(), 'PREFORK_INTERP' in process.env, 'LD_PRELOAD' in process.env]));`,
  );
  for (const turn of ['cold', 'warm']) {
    const result = await place.script(script);
    t.match(result, { stdout: '[true,false,false,false,false,false]', stderr: '', code: 0 }, turn);
  }
});

test('a script that calls itself through the launcher is served at every depth', async (t, place) => {
  const script = place.write('calls-itself.mjs', callsItself);
  const result = await place.script(script, ['12'], { env: { LAUNCHER: paths.launcher } });
  t.match(result, { code: 0, stderr: '', stdout: 'true '.repeat(13) });
  t.equal(place.servers().length, 1);
});

const callsItself = `import { spawnSync } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';
process.stdout.write(initialisationComplete() + ' ');
const depth = Number(process.argv[2]);
if (depth > 0) {
  const words = ['-U', 'node', process.argv[1], String(depth - 1)];
  process.exitCode = spawnSync(process.env.LAUNCHER, words, { stdio: 'inherit' }).status;
}
`;

test('a line that nobody can read any more does not end the launcher before its script', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  // The reader opens the pipe and goes; then whoever writes gets SIGPIPE, which Node ignores.
  const shell = 'mkfifo pipe; true <pipe & exec 3>pipe; wait; "$@" 2>&3';
  const words = ['-c', shell, 'sh', paths.launcher, '-U', 'node', script, 'a'];
  const result = await place.startProgram('/bin/sh', words, { env: { LISTEN_FDS: '1' } }).ended;
  t.match(result, { code: 0, signal: null, stdout: '["a"]\n' });
});
