import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths, test } from '../helpers/index.js';
import { initialisations, launcherLines } from './tell.js';

/** Reads the files that its arguments name, writes to the descriptors that they number, and tells what is open. */
const script = `import { fstatSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { appendFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';
appendFileSync(new URL('initialised', import.meta.url), 'x\\n');
const served = initialisationComplete();
for (const argument of process.argv.slice(2)) {
  if (argument.startsWith('/')) process.stdout.write(readFileSync(argument, 'utf8'));
  else writeSync(Number(argument), 'written to ' + argument + '\\n');
}
process.stdout.write(served ? 'served' : 'plain');
`;

/** What bash does with "$@", which is launcher or Node and script; what comes out; and what the files hold. */
const commands: [command: string, stdout: string, files?: Record<string, string>][] = [
  ['"$@" <(printf one)', 'one'],
  ['"$@" <(printf one) <(printf two) <(printf three)', 'onetwothree'],
  ['"$@" 3 3>file3', '', { file3: 'written to 3\n' }],
  [
    '"$@" 3 9 63 3>file3 9>file9 63>file63',
    '',
    { file3: 'written to 3\n', file9: 'written to 9\n', file63: 'written to 63\n' },
  ],
  ['exec 60< <(printf sixty) 61>&1; "$@" /dev/fd/60 61', 'sixtywritten to 61\n'],
  ['"$@" /proc/self/fd/4 4<<<here', 'here\n'],
  ['exec 5>file5 6>&5 3>&6; "$@" 3 5 6', '', { file5: 'written to 3\nwritten to 5\nwritten to 6\n' }],
  ['exec 3>file3 4>file4; exec 5>&3 3>&4 4>&5; "$@" 3 4', '', { file3: 'written to 4\n', file4: 'written to 3\n' }],
  ['"$@" 200 200>file200', '', { file200: 'written to 200\n' }],
  ['"$@" 255 1023 255>file255 1023>file1023', '', { file255: 'written to 255\n', file1023: 'written to 1023\n' }],
];

test("a warm call's own descriptors arrive at their own numbers", async (t, place) => {
  const path = place.write('uses.mjs', script);
  await place.script(path);
  for (const [command, stdout, files = {}] of commands) {
    const results = [];
    for (const program of [['node'], [paths.launcher, '-U', 'node']]) {
      const run = place.startProgram('bash', ['-c', command, 'bash', ...program, path]);
      const result = await run.ended;
      for (const [name, content] of Object.entries(files)) t.equal(place.read(name), content, `${command}: ${name}`);
      results.push(result);
    }
    const [plain, warm] = results;
    t.match(plain, { code: 0, stderr: '', stdout: `${stdout}plain` }, command);
    t.match(warm, { code: 0, stderr: '', stdout: `${stdout}served` }, command);
  }
  t.equal(place.servers().length, 1);
  t.equal(initialisations(place), 1 + commands.length, 'once, and once in each plain run');
});

test('a hundred warm calls with a descriptor each: each has its own', async (t, place) => {
  const path = place.write('uses.mjs', script);
  await place.script(path);
  const loop = 'for number in $(seq 100); do "$@" <(echo $number); echo; done';
  const { stdout, stderr } = await place.startProgram('bash', ['-c', loop, 'bash', paths.launcher, '-U', 'node', path])
    .ended;
  t.equal(stderr, '');
  t.equal(stdout, Array.from({ length: 100 }, (_, index) => `${index + 1}\nserved\n`).join(''));
});

test('a first call has its descriptors too, and its server keeps none of them', async (t, place) => {
  const path = place.write('uses.mjs', script);
  const command = '"$@" <(echo one) 7 7>file7 200>file200';
  const call = ['-c', command, 'bash', paths.launcher, '-U', 'node', path];
  const { stdout, stderr } = await place.startProgram('bash', call).ended;
  t.match({ stdout, stderr }, { stdout: 'one\nserved', stderr: '' });
  t.equal(place.read('file7'), 'written to 7\n');
  for (const { pid, command } of place.processes()) {
    const list = await place.startProgram('ls', ['-l', `/proc/${pid}/fd`]).ended;
    t.notMatch(list.stdout, /file7|file200/, command);
  }
});

test('what is closed stays closed, and standard streams that are missing are /dev/null', async (t, place) => {
  const path = place.write(
    'lists.mjs',
    `import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
    import { initialisationComplete } from 'prefork-interp';
    initialisationComplete();
    const list = [0, 1, 2].map((fd) => readlinkSync('/proc/self/fd/' + fd)).join(' ');
    writeFileSync(process.argv[2], list);`,
  );
  const out = join(place.work, 'list');
  await place.script(path, [out]);
  for (const closed of ['<&-', '>&-', '2>&-', '<&- >&- 2>&-']) {
    const lists = [];
    for (const program of [['node'], [paths.launcher, '-U', 'node']]) {
      const command = `exec 0</dev/zero 1>/dev/full 2>/dev/full; exec "$@" ${closed}`;
      const { code } = await place.startProgram('bash', ['-c', command, 'bash', ...program, path, out]).ended;
      lists.push([code, readFileSync(out, 'utf8')]);
    }
    t.strictSame(lists[1], lists[0], closed);
  }
});

test('with more descriptors than can be passed the script runs plainly, with a line', async (t, place) => {
  const path = place.write('uses.mjs', script);
  const many = 'for number in $(seq 10 1 260); do eval "exec $number>many"; done; "$@" 10 260';
  const result = await place.startProgram('bash', ['-c', many, 'bash', paths.launcher, '-U', 'node', path]).ended;
  t.match(result, { code: 0, stdout: 'plain' });
  t.match(launcherLines(result.stderr), [/running .* plainly: it has \d+ descriptors open, more than can be passed/]);
  t.equal(result.stderr.split('\n').length, 2);
});
