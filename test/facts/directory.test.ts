/** A call is in its caller's directory, also in one that is gone, or that its user may not read or enter. */
import { spawnSync } from 'node:child_process';
import { type Place, paths, type Result, test } from '../helpers/index.js';

const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'];
/** Root may do everything, so the calls are somebody else's then. */
const asUser = process.getuid?.() === 0 ? ['setpriv', ...NOBODY] : [];

/** A shell is in the directory before its mode is changed, or it is removed; it runs the words. */
const cases: [name: string, change: string][] = [
  ['as it is', ':'],
  ['not to be read', 'chmod 111 .'],
  ['not to be entered', 'chmod 444 "$OLDPWD/$0"'],
  ['neither', 'chmod 0 "$OLDPWD/$0"'],
  ['removed', 'rmdir "$OLDPWD/$0"'],
];

for (const option of [[], ['-C']]) {
  test(
    `directories of all kinds ${option.join()}`,
    async (t, place) => {
      const script = place.fixture('tells-directory.cjs');
      spawnSync('chmod', ['-R', 'a+rX', place.root]);
      if (asUser.length > 0) spawnSync('chown', ['-R', '65534:65534', place.root]);
      for (const [name, change] of cases) {
        const directory = name.replaceAll(' ', '-');
        const plain = await runIn(place, directory, change, ['node', script]);
        for (let i = 0; i < 3; i++) {
          const called = await runIn(place, directory, change, [paths.launcher, '-U', ...option, 'node', script]);
          t.equal(called.stdout, plain.stdout, name);
        }
      }
    },
    { skip: cannotRun() },
  );
}

/** Under -C one server is for all of them: it was started in the first. */
function runIn(place: Place, directory: string, change: string, words: string[]): Promise<Result> {
  const shell = `cd "$HOME" && mkdir -p "$0" && chmod 755 "$0" && cd "$0" && ${change} && exec "$@"`;
  const [program = '/bin/sh', ...before] = [...asUser, '/bin/sh', '-c', shell, directory, ...words];
  return place.startProgram(program, before).ended;
}

function cannotRun(): string | false {
  if (asUser.length === 0) return false;
  const { status } = spawnSync('setpriv', [...NOBODY, 'test', '-x', paths.launcher]);
  return status === 0 ? false : 'nobody may not run the launcher where it lies, or setpriv is missing';
}
