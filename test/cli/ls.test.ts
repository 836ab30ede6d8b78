import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStat } from '../../dist/rundir/index.js';
import { paths, prefork, startStandIn, test, waitFor } from '../helpers/index.js';

test('without servers ls prints the header alone, and an empty array as JSON', async (t, place) => {
  t.match(await prefork(place, ['ls']), {
    code: 0,
    stdout: 'IDENT  PID  STATE  CALLS  RUNNING  USED  AGE  MEMORY  NODE  SCRIPT\n',
    stderr: '',
  });
  t.match(await prefork(place, ['ls', '--json']), { code: 0, stdout: '[]\n', stderr: '' });
  mkdirSync(place.runDirectory, { mode: 0o700 });
  t.match(await prefork(place, ['ls', '--json']), { code: 0, stdout: '[]\n', stderr: '' });
});

test('ls shows the servers that are alive, the oldest first', async (t, place) => {
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
  const ident = 'abcdef0123456789';
  const young = await startStandIn(place.runDirectory, ident, 'leavesWithItsSocket', { since: ago(130) });
  const old = await startStandIn(place.runDirectory, 'b2', 'leavesWithItsSocket', {
    since: ago(3 * 86400),
    script: '/else/where',
    nodeVersion: 'v24.0.0',
  });
  const other = await startStandIn(place.runDirectory, 'c3', 'leavesWithItsSocket', { startTime: 1 });

  const table = await prefork(place, ['ls']);
  t.match(table, { code: 0, stderr: '' });
  const [header, ...rows] = table.stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  t.strictSame(header, ['IDENT', 'PID', 'STATE', 'CALLS', 'RUNNING', 'USED', 'AGE', 'MEMORY', 'NODE', 'SCRIPT']);
  t.match(rows, [
    ['b2', String(old.pid), 'idle', '0', '0', /^\ds ago$/, '3d', /^\d+M$/, 'v24.0.0', '/else/where'],
    [
      ident.slice(0, 12),
      String(young.pid),
      'idle',
      '0',
      '0',
      /^\ds ago$/,
      '2m',
      /^\d+M$/,
      process.version,
      '/somewhere/script.mjs',
    ],
  ]);
  t.equal(rows.length, 2, 'a number used again is not a server');
  rmSync(other.socket);

  const json = JSON.parse((await prefork(place, ['ls', '--json'])).stdout) as Record<string, unknown>[];
  t.match(json, [{ ident: 'b2' }, { ident, pid: young.pid, script: '/somewhere/script.mjs', socket: young.socket }]);
  t.ok(Number(json[1]?.ageSeconds) >= 130 && Number(json[1]?.memoryBytes) > 0);
});

test('information that makes no sense is skipped', async (t, place) => {
  await startStandIn(place.runDirectory, 'good', 'leavesWithItsSocket');
  const bad = ['', '{', 'null', '[]', '{"version":1}', '{"version":2,"pid":1}', 'x'.repeat(100_000)];
  for (const [index, text] of bad.entries()) writeFileSync(`${place.runDirectory}/ibad${index}`, text);
  mkdirSync(`${place.runDirectory}/idirectory`);
  symlinkSync('igood', `${place.runDirectory}/ilink`);
  t.match(await place.startProgram('/usr/bin/mkfifo', [`${place.runDirectory}/ififo`]).ended, { code: 0 });
  const json = JSON.parse((await prefork(place, ['ls', '--json'])).stdout) as Record<string, unknown>[];
  t.strictSame(
    json.map(({ ident }) => ident),
    ['good'],
  );
});

test('a path with control characters does not reach the terminal', async (t, place) => {
  await startStandIn(place.runDirectory, 'a', 'leavesWithItsSocket', { script: '/x\u001b[2J\ny\u202ez' });
  const { stdout } = await prefork(place, ['ls']);
  t.match(stdout, '/x\\u001b[2J\\u000ay\\u202ez\n');
});

test('a run directory that others could have filled is not used', async (t, place) => {
  mkdirSync(place.runDirectory);
  chmodSync(place.runDirectory, 0o755);
  for (const command of [['ls'], ['stop', '--all']]) {
    const { code, stdout, stderr } = await prefork(place, command);
    t.equal(code, 2);
    t.equal(stdout, '');
    t.match(stderr, /^prefork: cannot use the run directory .*: its mode is 755, not 700\n$/);
  }
});

test('a reader that has seen enough is no error', async (t, place) => {
  const { code, stderr } = await place.startProgram(
    '/bin/sh',
    ['-c', `"$0" "$@" | true`, process.execPath, 'bin/prefork', 'ls'],
    {
      cwd: new URL('../..', import.meta.url).pathname,
    },
  ).ended;
  t.equal(code, 0);
  t.equal(stderr, '');
});

test('two directories of one script look different', async (t, place) => {
  await startStandIn(place.runDirectory, 'a', 'leavesWithItsSocket', { cwd: '/one' });
  t.notMatch((await prefork(place, ['ls'])).stdout, 'DIRECTORY', 'one directory is not worth a column');
  await startStandIn(place.runDirectory, 'b', 'leavesWithItsSocket', { cwd: '/other' });
  t.match((await prefork(place, ['ls'])).stdout, /DIRECTORY +SCRIPT\n.*\/one +\/some.*\n.*\/other +\/some/);
});

test('a server that is stopped, or has lost its socket, shows it', async (t, place) => {
  const stopped = await startStandIn(place.runDirectory, 'a', 'staysUntilKilled');
  const leaving = await startStandIn(place.runDirectory, 'b', 'staysUntilKilled');
  stopped.child.kill('SIGSTOP');
  rmSync(leaving.socket);
  await waitFor('the stop', () => readStat(stopped.pid)?.state === 'T');
  const { stdout } = await prefork(place, ['ls', '--json']);
  t.match(JSON.parse(stdout), [{ state: 'stopped' }, { state: 'leaving' }]);
  for (const { child } of [stopped, leaving]) child.kill('SIGKILL');
});

const widths: [columns: number, header: RegExp, longest: number][] = [
  [200, /IDENT +PID +STATE +CALLS +RUNNING +USED +AGE +MEMORY +NODE +SCRIPT/, 200],
  [88, /IDENT +STATE +CALLS +RUNNING +USED +AGE +MEMORY +SCRIPT/, 88],
  [60, /IDENT +STATE +CALLS +USED +MEMORY +SCRIPT/, 60],
];
for (const [columns, header, longest] of widths) {
  test(`a terminal of ${columns} columns gets what fits, with colours`, async (t, place) => {
    await startStandIn(place.runDirectory, 'abcdefghijklmn', 'leavesWithItsSocket', {
      script: `/${'long/'.repeat(30)}end.js`,
    });
    const shell = `stty cols ${columns}; exec "$0" "$1" ls`;
    const command = [
      '-qec',
      `sh -c '${shell}' '${process.execPath}' '${join(paths.packageRoot, 'bin', 'prefork')}'`,
      '/dev/null',
    ];
    const { stdout } = await place.startProgram('/usr/bin/script', command, { env: { TERM: 'xterm' } }).ended;
    t.match(stdout, '\u001b[1m');
    const lines = stdout
      .replaceAll('\u001b', '')
      .replace(/\[\d+m|\r/g, '')
      .trimEnd()
      .split('\n');
    t.match(lines[0], header);
    t.match(lines[1], /…|long/);
    t.match(lines[1], /end\.js$/);
    t.ok(
      lines.every((line) => line.length <= longest),
      `at most ${longest}`,
    );
  });
}
