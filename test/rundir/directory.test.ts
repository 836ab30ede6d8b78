import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { checkRunDirectory, runDirectoryPath } from '../../dist/rundir/index.js';
import { test } from '../helpers/index.js';

test('the run directory is where the launcher has it', async (t, place) => {
  const uid = process.geteuid?.();
  const shared = readdirSync('/run').includes('user') && readdirSync('/run/user').includes(String(uid));
  const home = shared
    ? `/run/user/${uid}/prefork-interp-node`
    : `${place.env['HOME']}/.prefork-interp-node/${hostname()}`;
  const [HOME, run] = [join(place.root, 'home'), join(place.root, 'run')];
  t.equal(runDirectoryPath({ XDG_RUNTIME_DIR: run, HOME }), place.runDirectory);
  t.equal(runDirectoryPath({ XDG_RUNTIME_DIR: '/no/such/place', HOME }), home, 'a missing one counts as none');
  t.equal(runDirectoryPath({ HOME }), home);
  t.equal(runDirectoryPath({ XDG_RUNTIME_DIR: '', HOME }), home, 'an empty variable is none');
  t.equal(runDirectoryPath({ XDG_RUNTIME_DIR: 'relative', HOME }), home, 'nor is a relative one');
  if (!shared) {
    t.equal(runDirectoryPath({}), undefined);
    t.equal(runDirectoryPath({ HOME: 'relative' }), undefined);
    t.equal(runDirectoryPath({ HOME: '/no/such/home' }), undefined);
  }
});

test('a run directory must be a directory of ours that is closed to others', async (t, place) => {
  const path = join(place.root, 'd');
  t.strictSame(checkRunDirectory(path), { kind: 'absent' });
  mkdirSync(path, { mode: 0o700 });
  t.equal(checkRunDirectory(path), undefined);
  for (const mode of [0o750, 0o701, 0o777]) {
    chmodSync(path, mode);
    t.strictSame(checkRunDirectory(path), { kind: 'unsafe', reason: `its mode is ${mode.toString(8)}, not 700` });
  }
  chmodSync(path, 0o700);
  symlinkSync(path, join(place.root, 'link'));
  t.match(checkRunDirectory(join(place.root, 'link')), { kind: 'unsafe' }, 'a link is not followed');
  writeFileSync(join(place.root, 'file'), '');
  t.match(checkRunDirectory(join(place.root, 'file')), { kind: 'unsafe' });
});

test('a directory of another user is not used', async (t, place) => {
  if (process.geteuid?.() !== 0) {
    t.strictSame(checkRunDirectory('/'), { kind: 'unsafe', reason: 'it belongs to user 0' });
    return;
  }
  const path = join(place.root, 'd');
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, 12345, 0);
  t.strictSame(checkRunDirectory(path), { kind: 'unsafe', reason: 'it belongs to user 12345' });
});
