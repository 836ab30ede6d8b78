/** When initialisationComplete() returns true all that a script can see is the call's, not the server's or the first caller's. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { paths, type Result, test } from '../helpers/index.js';

const { launcher } = paths;

interface Told {
  readonly env: Record<string, string>;
  readonly limits: string;
  readonly environmentOfChild: string[];
}

// Each is a shell command round the call; the words of the call come as "$@".
const calls: [name: string, command: string][] = [
  ['arguments', '"$@" one "two  words" "" --inspect -- \'*\' ä'],
  ['no arguments', '"$@"'],
  ['an argument that is no UTF-8', '"$@" $(printf "\\377\\376x")'],
  ['an option of its own', '"$@" -U --kill'],
  ['many arguments', '"$@" $(seq 5000)'],
  ['variables', 'GREETING="good day" EMPTY= "$@"'],
  ['a variable that is no UTF-8', 'ODD=$(printf "a\\377b") "$@"'],
  [
    'hardly any environment',
    'exec env -i PATH="$PATH" HOME="$HOME" XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" LANG="$LANG" "$@"',
  ],
  ['a large variable', 'LARGE=$(head -c 100000 /dev/zero | tr "\\0" x) "$@"'],
  ['a variable without a name for shells', 'exec env "odd name=1" "a.b=2" "$@"'],
  ['a time zone', 'TZ=Asia/Kolkata "$@"'],
  ['another time zone', 'TZ=America/St_Johns "$@"'],
  ['a umask', 'umask 077; "$@"'],
  ['another umask', 'umask 002; "$@"'],
  ['soft limits', 'ulimit -S -n 500; ulimit -S -c 0; ulimit -S -s 4096; "$@"'],
  ['input', 'echo some input | "$@"'],
  ['input from a file', '"$@" <input'],
  ['PWD that lies', 'PWD=/nowhere "$@"'],
  ['ignored signals', 'trap "" HUP INT USR2; "$@"'],
];

/** What initialisation asks for makes calls that differ in it the calls of other servers. */
const askings: [name: string, body: string, oneServer: boolean][] = [
  ['asks for nothing', '', true],
  ['asks for what differs', 'process.env.GREETING; new Date(0).getTimezoneOffset(); process.pid;', false],
];
for (const [asking, body, oneServer] of askings) {
  test(`what a script that ${asking} sees of its call is as in a plain run`, async (t, place) => {
    place.fixture('tells-call.mjs');
    const script = place.write('asks.mjs', `${body}\nawait import('./tells-call.mjs');`);
    place.write('input', 'from a file');
    const run = (command: string, ...words: string[]) =>
      place.startProgram('/bin/sh', ['-c', command, 'sh', ...words, script], { env: { TWICE: 'yes' } }).ended;
    await run('GREETING=first TZ=Europe/Berlin FIRST=1 "$@" first arguments', launcher, '-U', 'node');
    const [server] = place.servers();
    for (const [name, command] of calls) {
      const [plain, called] = [await run(command, 'node'), await run(command, launcher, '-U', 'node')];
      t.strictSame(told(called), told(plain), name);
    }
    t.equal(place.servers().length === 1, oneServer);
    if (oneServer) t.equal(place.servers()[0]?.pid, server?.pid, 'it has answered all');
  });
}

test('the first call is as a plain run, too', async (t, place) => {
  const script = place.fixture('tells-call.mjs');
  const options = { env: { GREETING: 'hello', TZ: 'Asia/Kolkata' }, input: 'some input' };
  const [plain, cold] = [
    await place.plain(script, ['a', 'b'], options),
    await place.script(script, ['a', 'b'], options),
  ];
  t.strictSame(told(cold), told(plain));
});

test("the current directory is the call's, by whatever name", async (t, place) => {
  const script = place.fixture('tells-call.mjs');
  for (const name of ['a', 'a b', 'ä']) {
    mkdirSync(join(place.work, name));
    const options = { cwd: join(place.work, name) };
    for (const call of ['first', 'second']) {
      const [plain, called] = [await place.plain(script, [], options), await place.script(script, [], options)];
      t.strictSame(told(called), told(plain), `${name}, ${call} call`);
    }
  }
});

test("pids, random values and times are a call's own", async (t, place) => {
  const script = place.write(
    'own.mjs',
    `import { randomBytes, randomInt, randomUUID } from 'node:crypto';
     import { initialisationComplete } from 'prefork-interp';
     randomUUID(); randomInt(100); Math.random();
     const begun = Date.now();
     initialisationComplete();
     console.log([process.pid, process.ppid, randomUUID(), randomInt(2 ** 40), randomBytes(8).toString('hex')].join('\\n'));`,
  );
  const results = await Promise.all(Array.from({ length: 20 }, () => place.script(script)));
  for (const [index, name] of ['pid', 'parent', 'UUID', 'randomInt', 'randomBytes'].entries()) {
    const values = new Set(results.map(({ stdout }) => stdout.split('\n')[index]));
    t.equal(values.size, 20, name);
  }
});

test("console, streams and argv that modules have kept are the call's", async (t, place) => {
  const script = place.write(
    'kept.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     const { log } = console;
     const { argv, env } = process;
     const write = (text) => process.stdout.write(text);
     log('early');
     initialisationComplete();
     log(argv.slice(2).join(), env.GREETING);
     write('written\\n');
     console.error('error');
     console.table([[1]]);`,
  );
  for (const greeting of ['one', 'two', 'three']) {
    const { stdout, stderr } = await place.script(script, ['a', greeting], { env: { GREETING: greeting } });
    t.equal(stdout.split('\n').slice(0, 2).join('\n'), `a,${greeting} ${greeting}\nwritten`);
    t.equal(stderr, greeting === 'one' ? 'early\nerror\n' : 'error\n');
  }
});

function told({ code, signal, stdout, stderr }: Result): unknown {
  const { env, limits, environmentOfChild, ...rest } = JSON.parse(stdout) as Told;
  return { code, signal, stderr, env: sorted(env), limits: limits.split('\n'), environmentOfChild, ...rest };
}

function sorted(env: Record<string, string>): [string, string][] {
  return Object.entries(env).sort(([one], [other]) => (one < other ? -1 : 1));
}
