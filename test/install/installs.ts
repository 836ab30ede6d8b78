/** Tests of package managers that link what a script finds through PATH. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tap from 'tap';
import { type Place, type Result, test } from '../helpers/index.js';
import { complaintsOf, GLOBAL, GLOBAL_BIN, isolate, type Manager, manage, pack, readScripts } from './managers.js';

/** A test for each: the tarball is installed in a project, again from the lock file, and globally, and nothing is complained of. */
export function testInstallations(managers: readonly Manager[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'pf-pack-'));
  const tarball = pack(folder);
  tap.teardown(() => rmSync(folder, { recursive: true }));
  for (const manager of managers) {
    test(`${manager.name} installs the tarball, locally and globally, and scripts run cold and warm`, async (t, place) => {
      isolate(place);
      const script = place.fixture('tells-its-start.mjs');
      chmodSync(script, 0o755);
      place.write('package.json', '{"private": true, "type": "module"}');

      t.strictSame(complaintsOf(await manage(place, manager, manager.local(tarball))), []);
      await runsColdAndWarm(t, place, script, join(place.work, 'node_modules', '.bin'));
      rmSync(join(place.work, 'node_modules'), { recursive: true });
      t.strictSame(complaintsOf(await manage(place, manager, manager.frozen ?? [])), []);
      await runsColdAndWarm(t, place, script, join(place.work, 'node_modules', '.bin'));
      t.notOk(readScripts(place).find((name) => /install|prepare/.test(name)));

      mkdirSync(join(place.root, GLOBAL_BIN), { recursive: true });
      t.strictSame(
        complaintsOf(await manage(place, manager, manager.global?.(tarball, join(place.root, GLOBAL)) ?? [])),
        [],
      );
      await runsColdAndWarm(t, place, script, join(place.root, GLOBAL_BIN));
    });
  }
}

type Test = Parameters<Parameters<typeof test>[1]>[0];

/** The script is found by its `#!` through PATH; its library is the local one, whichever launcher starts it. */
async function runsColdAndWarm(t: Test, place: Place, script: string, bin: string): Promise<void> {
  t.ok(existsSync(join(bin, 'prefork-interp')), bin);
  const env = { PATH: `${bin}:${place.env.PATH}` };
  const runs: Result[] = [];
  for (const word of ['cold', 'warm', 'warm again']) runs.push(await place.startProgram(script, [word], { env }).ended);
  const told = runs.map(({ code, stderr, stdout }) => {
    t.match({ code, stderr }, { code: 0, stderr: '' }, bin);
    return JSON.parse(stdout) as { importedBy: number; forked: boolean };
  });
  const [cold, warm, again] = told;
  t.match(cold, { forked: true, arguments: ['cold'] });
  t.strictSame(
    warm,
    { ...cold, arguments: ['warm'] },
    'the second call is a fork of the process that the first has left',
  );
  t.strictSame(again, { ...cold, arguments: ['warm again'] });
  const ended = await place.startProgram(join(bin, 'prefork-interp'), ['--kill', '-U', 'node', script], { env }).ended;
  t.match(ended, { code: 0, stderr: '' });
  const listed = await place.startProgram(join(bin, 'prefork'), ['ls'], { env }).ended;
  t.match(listed, { code: 0, stderr: '', stdout: /^IDENT / });
}
