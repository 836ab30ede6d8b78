/** A line about what lasts comes once a minute for the same script and the same reason. */
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, type RunOptions, test } from '../helpers/index.js';
import { launcherLines } from './tell.js';

const sockets = { LISTEN_FDS: '1' };

test('a line comes once for a script and a reason, and again when a minute has gone by', async (t, place) => {
  const [one, other] = [place.fixture('print-arguments.mjs'), place.fixture('tells-its-call.mjs')];
  t.match(await said(place, one, sockets), [/plainly: .*LISTEN_FDS/]);
  t.strictSame(await said(place, one, sockets), []);
  t.strictSame(await said(place, './print-arguments.mjs', sockets), [], 'another name of it');
  t.match(await said(place, other, sockets), [/plainly: .*LISTEN_FDS/], 'another script');
  t.strictSame(await said(place, one, sockets), []);
  t.match(await said(place, one, { ...sockets, PREFORK_INTERP_DEBUG: '1' }), [/LISTEN_FDS/], 'who asks is told');
  t.strictSame(await said(place, one, sockets), []);
  for (const name of remembered(place)) age(place, name);
  t.match(await said(place, one, sockets), [/LISTEN_FDS/], 'a minute has gone by');
  t.strictSame(await said(place, one, sockets), []);
});

test('another reason has a line of its own, and so has a script that was edited', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  t.match(await said(place, script, sockets), [/LISTEN_FDS/]);
  t.match(await said(place, script, { NODE_OPTIONS: '--inspect-port=0' }), [/--inspect-port/]);
  t.strictSame(await said(place, script, sockets), []);
  utimesSync(script, 1, 1);
  t.match(await said(place, script, sockets), [/LISTEN_FDS/]);
});

test('of callers at once one hears it', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  for (const turn of ['the first time', 'a minute later']) {
    const all = await Promise.all([1, 2, 3, 4, 5, 6].map(() => said(place, script, sockets)));
    t.equal(all.flat().length, 1, turn);
    for (const name of remembered(place)) age(place, name);
  }
});

test('where nothing can be remembered nothing is said', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  const nowhere = { XDG_RUNTIME_DIR: place.write('a-file', ''), HOME: undefined };
  t.strictSame(await said(place, script, nowhere), []);
  t.strictSame(await said(place, script, { ...nowhere, ...sockets }), []);
  t.match(await said(place, script, { ...nowhere, PREFORK_INTERP_DEBUG: '1' }), [/Not a directory/]);
});

test('what was said is forgotten after a minute, and no more than a hundred lines are kept', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  mkdirSync(place.runDirectory, { mode: 0o700 });
  const names = Array.from({ length: 100 }, (_, index) => `p${index.toString(16).padStart(32, '0')}`);
  for (const name of [...names, 'p-other', 'pipe']) writeFileSync(join(place.runDirectory, name), '');
  t.strictSame(await said(place, script, sockets), []);
  t.equal(remembered(place).length, 102);
  for (const name of [...names.slice(1), 'p-other', 'pipe']) age(place, name);
  t.match(await said(place, script, sockets), [/LISTEN_FDS/]);
  t.equal(remembered(place).length, 4, 'the line, one that is not old, and what is not ours');
  t.ok(remembered(place).includes('p-other'));
});

test('what has just happened is said each time', async (t, place) => {
  const script = place.write('never.mjs', 'setInterval(() => {}, 1e6);');
  const env = { PREFORK_INTERP_SETUP_WAIT: '1' };
  for (const turn of [1, 2]) {
    const call = place.start(['-U', 'node', script], { env });
    await new Promise<void>((resolve) => {
      call.child.stderr?.on('data', () => /was ended\n/.test(call.stderr()) && resolve());
      void call.exited.then(() => resolve());
    });
    t.match(launcherLines(call.stderr()), [/plainly: its initialisation was not complete within 1 s/], `turn ${turn}`);
    call.child.kill('SIGKILL');
    await call.exited;
  }
});

async function said(place: Place, script: string, env: NonNullable<RunOptions['env']>): Promise<string[]> {
  return launcherLines((await place.script(script, [], { env })).stderr);
}

function remembered(place: Place): string[] {
  return readdirSync(place.runDirectory).filter((name) => name.startsWith('p'));
}

function age(place: Place, name: string): void {
  const before = Date.now() / 1000 - 61;
  utimesSync(join(place.runDirectory, name), before, before);
}
