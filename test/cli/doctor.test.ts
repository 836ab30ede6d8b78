import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, prefork, type RunOptions, test } from '../helpers/index.js';

interface Finding {
  readonly state: string;
  readonly what: string;
  readonly found: string;
  readonly remedy: string;
}

test('where all is well each line says so, and the status is 0', async (t, place) => {
  symlinkSync(paths.launcher, join(place.root, 'bin', 'prefork-interp'));
  const { code, stdout, stderr } = await prefork(place, ['doctor']);
  t.equal(stderr, '');
  const lines = stdout.trimEnd().split('\n');
  t.strictSame(
    lines.filter((line) => !line.startsWith('ok ')),
    [],
  );
  t.equal(code, 0);
  t.match(stdout, /\nok #! line +#!.*\/bin\/prefork-interp -U node\n/);
  t.match(stdout, /\nok fork +a second run took [\d.]+ ms\n/);
});

const ills: [name: string, what: string, state: string, found: RegExp, prepare: (place: Place) => RunOptions][] = [
  [
    'no launcher in PATH',
    '#! line',
    'doubtful',
    /not in PATH/,
    (place) => ({ env: { PATH: join(place.root, 'bin') } }),
  ],
  [
    'a launcher of another version',
    '#! line',
    'doubtful',
    /is version 0\.0\.9, this package/,
    (place) => {
      writeFileSync(join(place.root, 'bin', 'prefork-interp'), '#!/bin/sh\necho prefork-interp 0.0.9\n', {
        mode: 0o755,
      });
      return {};
    },
  ],
  [
    'another program of its name',
    '#! line',
    'doubtful',
    /is another program/,
    (place) => {
      writeFileSync(join(place.root, 'bin', 'prefork-interp'), '#!/bin/sh\nexit 255\n', { mode: 0o755 });
      return {};
    },
  ],
  [
    'the finder in shell',
    '#! line',
    'doubtful',
    /is the shell script/,
    (place) => {
      symlinkSync(join(paths.packageRoot, 'bin', 'prefork-interp'), join(place.root, 'bin', 'prefork-interp'));
      return {};
    },
  ],
  ['switched off', 'variables', 'broken', /PREFORK_INTERP_DISABLE=1/, () => ({ env: { PREFORK_INTERP_DISABLE: '1' } })],
  [
    'a run directory of others',
    'run directory',
    'broken',
    /its mode is 755/,
    (place) => {
      mkdirSync(place.runDirectory);
      chmodSync(place.runDirectory, 0o755);
      return {};
    },
  ],
  [
    'a run directory with too long a path',
    'run directory',
    'broken',
    /too long for sockets/,
    (place) => {
      const path = join(place.root, 'run', 'x'.repeat(60));
      mkdirSync(path, { mode: 0o700 });
      return { env: { XDG_RUNTIME_DIR: path } };
    },
  ],
  [
    'a log that cannot be written',
    'log',
    'doubtful',
    /neither XDG_STATE_HOME nor HOME/,
    () => ({ env: { HOME: undefined } }),
  ],
];
for (const [name, what, state, found, prepare] of ills) {
  test(`${name} is found, with what to do`, async (t, place) => {
    const { code, stdout } = await prefork(place, ['doctor', '--json'], prepare(place));
    const finding = (JSON.parse(stdout) as Finding[]).find((one) => one.what === what);
    t.match(finding, { state, found, remedy: /./ });
    t.equal(code, 1);
  });
}

test('a switch that stops forking shows in the trial', async (t, place) => {
  const { code, stdout } = await prefork(place, ['doctor'], { env: { NODE_OPTIONS: '--no-addons' } });
  t.match(stdout, /\nXX variables +NODE_OPTIONS=--no-addons: scripts run plainly\n +-> unset it\n/);
  t.match(stdout, /\nXX fork +/);
  t.equal(code, 1);
});
