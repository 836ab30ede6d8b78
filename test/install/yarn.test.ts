/** Yarn runs a bin itself: the classic one by its first line, Yarn 4 as `node FILE`, and both with a `node` of their own in PATH. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tap from 'tap';
import { type Place, test } from '../helpers/index.js';
import {
  complaintsOf,
  isolate,
  type Manager,
  manage,
  pack,
  readScripts,
  yarnClassic,
  yarnModules,
  yarnPnp,
  yarnPnpWithoutLoader,
} from './managers.js';

const folder = mkdtempSync(join(tmpdir(), 'pf-pack-'));
const tarball = pack(folder);
tap.teardown(() => rmSync(folder, { recursive: true }));

const PROJECT = '{"private": true, "license": "MIT", "scripts": {"go": "prefork-interp -U node tells-its-start.mjs"}}';
const COMMONJS = `const { initialisationComplete } = require('prefork-interp');
const importedBy = process.pid;
const forked = initialisationComplete();
console.log(JSON.stringify({ importedBy, forked, arguments: process.argv.slice(2) }));\n`;

for (const manager of [yarnClassic, yarnModules]) {
  test(`${manager.name} runs the bin, and all runs share a server`, async (t, place) => {
    isolate(place);
    place.fixture('tells-its-start.mjs');
    place.write('package.json', PROJECT);
    if (manager !== yarnClassic) place.write('yarn.lock', '');
    t.strictSame(complaintsOf(await manage(place, manager, manager.local(tarball))), []);
    await yarnRuns(t, place, manager, 'tells-its-start.mjs');
    t.notOk(readScripts(place).find((name) => /install|prepare/.test(name)));
  });
}

test('Yarn 4 with PnP runs the bin: plainly under its module loader, else with a server', async (t, place) => {
  isolate(place);
  place.write('s.cjs', COMMONJS);
  place.write('package.json', PROJECT.replaceAll('tells-its-start.mjs', 's.cjs'));
  place.write('yarn.lock', '');
  await manage(place, yarnPnp, yarnPnp.local(tarball));
  const plain = await manage(place, yarnPnp, ['run', 'prefork-interp', '-U', 'node', 's.cjs', 'a  b']);
  t.match(JSON.parse(plain.stdout), { forked: false, arguments: ['a  b'] });
  t.equal(
    plain.stderr,
    'prefork-interp: running s.cjs plainly: it is not shared under --experimental-loader in NODE_OPTIONS\n',
  );
  t.strictSame(complaintsOf(await manage(place, yarnPnpWithoutLoader, ['install'])), []);
  await yarnRuns(t, place, yarnPnpWithoutLoader, 's.cjs');
});

type Test = Parameters<Parameters<typeof test>[1]>[0];

/** By its name and by a script of package.json. Yarn makes another `node` and another folder in PATH for each. */
async function yarnRuns(t: Test, place: Place, manager: Manager, script: string): Promise<void> {
  const quiet = manager === yarnClassic ? ['--silent'] : [];
  const runs: [words: string[], told: string[]][] = [
    [['prefork-interp', '-U', 'node', script, 'cold'], ['cold']],
    [
      ['prefork-interp', '-U', 'node', script, 'a  b', '*'],
      ['a  b', '*'],
    ],
    [['go', 'c'], ['c']],
  ];
  const servers = new Set<number>();
  for (const [words, told] of runs) {
    const { stdout, stderr } = await manage(place, manager, [...quiet, 'run', ...words]);
    t.equal(stderr, '', words.join(' '));
    const { importedBy, forked, arguments: got } = JSON.parse(stdout) as Told;
    t.strictSame({ forked, got }, { forked: true, got: told }, words.join(' '));
    servers.add(importedBy);
  }
  t.equal(servers.size, 1);
  // Without its module loader PnP hides from `prefork` what it imports.
  if (manager !== yarnPnpWithoutLoader) {
    const listed = await manage(place, manager, [...quiet, 'run', 'prefork', 'ls']);
    t.match(listed.stdout, `/${script}\n`);
  }
  await manage(place, manager, [...quiet, 'run', 'prefork-interp', '-U', '--kill', 'node', script]);
}

interface Told {
  readonly importedBy: number;
  readonly forked: boolean;
  readonly arguments: string[];
}
