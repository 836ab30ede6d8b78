/** What goes through the standard streams: all of it, in order, and its end when the call ends. */
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { type Place, paths, test } from '../helpers/index.js';

const { launcher } = paths;
const MEGABYTE = 1 << 20;

test('100 MB go through stdin to stdout, on pipes and on files', async (t, place) => {
  const script = place.fixture('copy.mjs');
  const input = place.write('input', '');
  const hash = createHash('sha256');
  for (let i = 0; i < 100; i++) {
    const chunk = randomBytes(MEGABYTE);
    hash.update(chunk);
    appendFileSync(input, chunk);
  }
  const expected = `${hash.digest('hex')}  -\n`;
  const cases = [
    ['pipes, the first call', 'cat input | "$@" | sha256sum'],
    ['pipes', 'cat input | "$@" | sha256sum'],
    ['files', '"$@" <input >output; sha256sum <output'],
  ] as const;
  for (const [name, command] of cases) {
    const { code, stdout, stderr } = await shell(place, command, script);
    t.strictSame({ code, stdout, stderr }, { code: 0, stdout: expected, stderr: '' }, name);
  }
});

test('stdout and stderr stay apart, and in order where they are one', async (t, place) => {
  const script = place.fixture('alternates.mjs');
  for (const call of ['first', 'second']) {
    const plain = await place.plain(script);
    t.strictSame(await outputs(place, script), { stdout: plain.stdout, stderr: plain.stderr }, `apart, ${call} call`);
    for (const command of [
      '"$@" 2>&1 | cat',
      '"$@" >both 2>&1; cat both',
      '"$@" >>joint 2>>joint; cat joint; rm joint',
    ]) {
      const whole = await place.startProgram('/bin/sh', ['-c', command, 'sh', 'node', script]).ended;
      t.equal((await shell(place, command, script)).stdout, whole.stdout, `${command}, ${call} call`);
    }
  }
});

test('a file is appended to, and written from where the caller stands', async (t, place) => {
  const script = place.fixture('logs-early.mjs');
  await shell(place, 'echo head >log; { "$@"; echo middle; "$@"; } >>log 2>&1; echo tail >>log', script);
  t.equal(
    readFileSync(`${place.work}/log`, 'utf8'),
    'head\nearly on stdout\nearly on stderr\ncall\nmiddle\ncall\ntail\n',
  );
});

// If anything but client and executor held the pipe, its end would come only with the server's, in an hour.
const waiting: [name: string, command: string][] = [
  ['$(cmd)', 'x=$("$@"); echo "$x"'],
  ['$(cmd) with stderr', 'x=$("$@" 2>&1); echo "$x"'],
  ['cmd | cat', '"$@" | cat'],
  ['cmd 2>&1 | cat', '"$@" 2>&1 | cat'],
  ['$(cmd </dev/null)', 'x=$("$@" </dev/null); echo "$x"'],
  ['cat | $(cmd)', 'x=$(echo input | "$@"); echo "$x"'],
];
for (const [name, command] of waiting) {
  test(`${name} sees end of file while the server lives`, async (t, place) => {
    const script = place.fixture('logs-early.mjs');
    for (const call of ['first', 'second', 'third']) {
      const { code, stdout } = await shell(place, command, script);
      t.equal(code, 0);
      t.match(stdout, /^call$/m, `${call} call`);
      t.equal(place.servers().length, 1, `the server is still there after the ${call} call`);
    }
  });
}

test('a writer is told when the call that read from it is over', async (t, place) => {
  const script = place.write(
    'closes.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     process.on('SIGTERM', () => process.exit(0));
     console.log('started');
     setTimeout(() => {}, 60_000);`,
  );
  // Were the pipe held open by anybody else, yes would wait for a reader for ever.
  const program = ['-o', 'pipefail', '-c', 'yes | "$@"', 'bash', 'timeout', '-k1', '1', launcher, '-U', 'node', script];
  const { code, stdout } = await place.startProgram('/bin/bash', program).ended;
  t.strictSame({ code, stdout }, { code: 124, stdout: 'started\n' });
});

test('a reader that goes away is seen as in a plain run', async (t, place) => {
  const script = place.write(
    'writes.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     setInterval(() => process.stdout.write('x\\n'), 2);`,
  );
  const command =
    '{ "$@" 2>err; echo "status $?" >status; } | true; until [ -s status ]; do sleep 0.01; done; cat status err; rm status';
  const plain = await place.startProgram('/bin/sh', ['-c', command, 'sh', 'node', script]).ended;
  t.match(plain.stdout, /^status 1\n(.|\n)*EPIPE/);
  for (const call of ['first', 'second'])
    t.equal((await shell(place, command, script)).stdout, plain.stdout, `${call} call`);
});

test('streams that the caller has closed are as in a plain run', async (t, place) => {
  const script = place.write(
    'closed.mjs',
    `import { fstatSync, writeFileSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     console.log('out');
     console.error('err');
     writeFileSync(process.argv[2], [0, 1, 2].map((fd) => fstatSync(fd).rdev).join());`,
  );
  for (const closed of ['<&-', '>&-', '2>&-', '<&- >&- 2>&-']) {
    const run = async (how: string, ...command: string[]) => {
      const program = ['-c', `"$@" ${closed}`, 'sh', ...command, script, how];
      const { code, stdout, stderr } = await place.startProgram('/bin/sh', program).ended;
      return { code, stdout, stderr, devices: place.read(how) };
    };
    const plain = await run('plain', 'node');
    t.strictSame(await run('first', launcher, '-U', 'node'), plain, `${closed}, first call`);
    t.strictSame(await run('second', launcher, '-U', 'node'), plain, `${closed}, second call`);
  }
});

function shell(place: Place, command: string, script: string) {
  return place.startProgram('/bin/sh', ['-c', command, 'sh', launcher, '-U', 'node', script]).ended;
}

async function outputs(place: Place, script: string) {
  const { stdout, stderr } = await place.script(script);
  return { stdout, stderr };
}
