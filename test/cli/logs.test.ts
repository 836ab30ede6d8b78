import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, prefork, test, waitFor } from '../helpers/index.js';

const line = (script: string, text: string) => `2026-01-02T03:04:05.678Z 12 ${script}: ${text}\n`;

function fileOf(place: Place): string {
  const directory = join(place.root, 'home', '.local', 'state', 'prefork-interp-node');
  mkdirSync(directory, { recursive: true });
  return join(directory, 'log');
}

test('without a log there is nothing to print', async (t, place) => {
  t.match(await prefork(place, ['logs']), { code: 0, stdout: '', stderr: '' });
});

test('the older file comes first, and a script is found by its path as given and as it is', async (t, place) => {
  const path = fileOf(place);
  const one = place.write('one.mjs', '');
  writeFileSync(`${path}.1`, line(one, 'first') + line(`${one}: x`, 'second'));
  writeFileSync(path, line('/gone/two.mjs', 'third \x1b[2J') + line(one, 'fourth'));
  const all = await prefork(place, ['logs']);
  t.match(all, { code: 0, stderr: '' });
  t.strictSame(all.stdout.match(/first|second|third \\u001b|fourth/g), ['first', 'second', 'third \\u001b', 'fourth']);
  for (const name of ['one.mjs', './one.mjs', one]) {
    const { stdout } = await prefork(place, ['logs', name]);
    t.equal(stdout, line(one, 'first') + line(`${one}: x`, 'second') + line(one, 'fourth'));
  }
  t.match(await prefork(place, ['logs', '/gone/two.mjs']), {
    code: 0,
    stdout: /^\S+ 12 \/gone\/two\.mjs: third [^\n]+\n$/,
  });
  t.match(await prefork(place, ['logs', '/gone']), {
    code: 1,
    stdout: '',
    stderr: 'prefork: logs: there is no /gone, and no line of it\n',
  });
  t.match(await prefork(place, ['logs', place.write('silent.mjs', '')]), { code: 0, stdout: '', stderr: '' });
});

test('-n prints the last lines, of both files together', async (t, place) => {
  const path = fileOf(place);
  writeFileSync(`${path}.1`, line('/a', 'first') + line('/b', 'second'));
  writeFileSync(path, line('/a', 'third'));
  for (const [args, texts] of [
    [
      ['-n', '2'],
      ['second', 'third'],
    ],
    [
      ['-n2', '/a'],
      ['first', 'third'],
    ],
    [['--lines=9'], ['first', 'second', 'third']],
    [['-n', '0'], []],
    [['-n', '7', '-n', '1'], ['third']],
  ] as const) {
    const { code, stdout } = await prefork(place, ['logs', ...args]);
    t.equal(code, 0);
    t.strictSame(stdout.match(/first|second|third/g) ?? [], texts, args.join(' '));
  }
  for (const wrong of ['x', '-1', '1e3', ''])
    t.match(await prefork(place, ['logs', `--lines=${wrong}`]), {
      code: 2,
      stdout: '',
      stderr: `prefork: logs: not a number of lines: ${wrong}\n`,
    });
});

test('-f goes on with lines that come, in pieces, and with the file that follows', async (t, place) => {
  const path = fileOf(place);
  const running = place.startProgram(process.execPath, [join(paths.packageRoot, 'bin', 'prefork'), 'logs', '-f', '/a']);
  writeFileSync(path, line('/a', 'first') + line('/a', 'second').slice(0, 20));
  await waitFor('the first', () => running.stdout().includes('first'));
  appendFileSync(path, line('/a', 'second').slice(20) + line('/b', 'no'));
  await waitFor('the second', () => running.stdout().includes('second'));
  appendFileSync(path, line('/a', 'third'));
  renameSync(path, `${path}.1`);
  writeFileSync(path, line('/a', 'fourth'));
  await waitFor('the fourth', () => running.stdout().includes('fourth'));
  t.equal(running.stdout(), ['first', 'second', 'third', 'fourth'].map((text) => line('/a', text)).join(''));
  running.child.kill('SIGTERM');
  t.match(await running.exited, { signal: 'SIGTERM' });
});

test('-f ends when nobody reads any more', async (t, place) => {
  const path = fileOf(place);
  writeFileSync(path, line('/a', 'first'));
  const command = `"$1" "$2" logs -f | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const running = place.startProgram('bash', [
    '-c',
    command,
    'bash',
    process.execPath,
    join(paths.packageRoot, 'bin', 'prefork'),
  ]);
  await waitFor('the line', () => running.stdout().includes('first'));
  const adding = setInterval(() => appendFileSync(path, line('/a', 'more')), 20);
  const result = await running.ended.finally(() => clearInterval(adding));
  t.match(result, { code: 0, stderr: '' });
  t.match(result.stdout, /\n0\n$/);
});

test('a place for the log that cannot be read, or told, is said', async (t, place) => {
  const path = fileOf(place);
  writeFileSync(join(place.root, 'file'), '');
  t.match(await prefork(place, ['logs'], { env: { XDG_STATE_HOME: join(place.root, 'file') } }), {
    code: 2,
    stderr: /^prefork: cannot read the log: /,
  });
  t.match(await prefork(place, ['logs'], { env: { HOME: undefined } }), {
    code: 2,
    stderr: /neither XDG_STATE_HOME nor HOME is set/,
  });
  mkdirSync(path);
  t.match(await prefork(place, ['logs']), { code: 0, stdout: '' });
});
