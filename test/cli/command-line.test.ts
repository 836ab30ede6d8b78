import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths, prefork, test } from '../helpers/index.js';

const wrong: [args: string[], message: string][] = [
  [[], 'say what to do: ls, stop, why or another command (prefork --help lists them)'],
  [['lss'], 'no command lss: did you mean ls?'],
  [['instal', 'x'], 'no command instal: did you mean install?'],
  [['nothinglike'], 'Unknown argument: nothinglike'],
  [['ls', 'more'], 'Unknown argument: more'],
  [['ls', '--yaml'], 'Unknown argument: yaml'],
  [['stop'], 'stop: name a script or an ident, or give --all'],
  [['stop', '--all', 'x'], 'stop: name targets or give --all, not both'],
  [['stop', '--every'], 'Unknown argument: every'],
];
for (const [args, message] of wrong) {
  test(`wrong usage is one line and status 2: prefork ${args.join(' ')}`, async (t, place) => {
    t.match(await prefork(place, args), { code: 2, stdout: '', stderr: `prefork: ${message}\n` });
  });
}

test('--help and --version go to stdout, also by their letters', async (t, place) => {
  const help = await prefork(place, ['--help']);
  t.match(help, { code: 0, stdout: /prefork ls .*prefork stop .*Exit status/s, stderr: '' });
  t.equal((await prefork(place, ['-h'])).stdout, help.stdout);
  const { version } = JSON.parse(readFileSync(join(paths.packageRoot, 'package.json'), 'utf8')) as { version: string };
  for (const word of ['--version', '-v'])
    t.match(await prefork(place, [word]), { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('messages do not depend on the language of the caller', async (t, place) => {
  t.match(await prefork(place, ['ls', '--x'], { env: { LC_ALL: 'de_DE.UTF-8' } }), {
    stderr: 'prefork: Unknown argument: x\n',
  });
});

test('an ident of digits stays as it is', async (t, place) => {
  t.match(await prefork(place, ['stop', '0012']), { code: 1, stderr: 'prefork: no server of 0012\n' });
});
