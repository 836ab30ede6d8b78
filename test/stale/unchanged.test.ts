/** Nothing but an edit makes a server be replaced; and it is replaced, or not, when the script or the user says so. */
import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, type Place, prefork, test, waitFor } from '../helpers/index.js';

const SCRIPT = (options: string, before = '') => `import { existsSync, readFileSync } from 'node:fs';
  import { initialisationComplete, autoreloadAlsoCheck } from 'prefork-interp';
  import value from './lib/value.mjs';
  const config = readFileSync('lib/config', 'utf8');
  existsSync('lib/optional');
  ${before}
  initialisationComplete(${options});
  console.log(value, config);`;

test('fifty calls with much going on beside the files keep their server', async (t, place) => {
  const script = prepare(place, '');
  const answer = (await place.script(script)).stdout;
  const server = await pidOf(place);
  const noise: [name: string, make: (round: number) => void][] = [
    ['a file appears beside the script', (round) => place.write(`new-${round}`, '')],
    ['a file appears beside an import', (round) => place.write(`lib/new-${round}`, '')],
    ['a file appears beside and goes', (round) => unlinkSync(place.write(`lib/gone-${round}`, ''))],
    [
      'a file beside is replaced',
      (round) => renameSync(place.write(`lib/tmp-${round}`, ''), join(place.work, 'lib/other')),
    ],
    ['a directory appears', (round) => mkdirSync(join(place.work, `lib/directory-${round}`))],
    ['files are read', () => ['script.mjs', 'lib/value.mjs', 'lib/config'].map((name) => place.read(name))],
    [
      'the mode of an import changes',
      (round) => chmodSync(join(place.work, 'lib/value.mjs'), round % 2 ? 0o644 : 0o600),
    ],
    ['the mode of a directory changes', (round) => chmodSync(join(place.work, 'lib'), round % 2 ? 0o755 : 0o700)],
    [
      'an import gets a second name',
      (round) => linkSync(join(place.work, 'lib/value.mjs'), join(place.work, `linked-${round}`)),
    ],
    ['a file is opened for writing and left as it is', () => closeSync(openSync(join(place.work, 'lib/config'), 'r+'))],
  ];
  // The contents have to be remembered once before a chmod can be told from an edit (docs/staleness.md).
  await waitFor('the server to rest', () => isResting(server));
  for (let round = 0; round < 5; round++) {
    for (const [name, make] of noise) {
      make(round);
      t.match(await place.script(script), { code: 0, stdout: answer, stderr: '' }, name);
      t.equal(await pidOf(place), server, name);
    }
  }
});

test('with autoreload false nothing makes it be replaced', async (t, place) => {
  const script = prepare(place, '{ autoreload: false }');
  const answer = (await place.script(script)).stdout;
  const server = await pidOf(place);
  place.write('lib/value.mjs', 'export default 2;');
  place.write('lib/config', 'other');
  place.write('lib/optional', '');
  for (let i = 0; i < 3; i++) t.equal((await place.script(script)).stdout, answer);
  t.equal(await pidOf(place), server);
});

const named: [name: string, options: string, before: string][] = [
  ['autoreloadExtra', "{ autoreloadExtra: ['extra', '/nowhere/at/all'] }", ''],
  ['autoreloadAlsoCheck', '', "autoreloadAlsoCheck('/nowhere/at/all', 'extra');"],
  ['both', "{ autoreloadExtra: ['another'] }", "autoreloadAlsoCheck('extra'); autoreloadAlsoCheck();"],
];
for (const [name, options, before] of named) {
  test(`a file named by ${name} counts: when it changes, goes, or comes`, async (t, place) => {
    const script = prepare(place, options, before);
    place.write('extra', 'one');
    let server = 0;
    for (const [what, change] of [
      ['at first', () => {}],
      ['changed', () => place.write('extra', 'two')],
      ['replaced', () => renameSync(place.write('extra~', 'new'), join(place.work, 'extra'))],
      ['gone', () => unlinkSync(join(place.work, 'extra'))],
      ['come', () => place.write('extra', 'new')],
    ] as const) {
      change();
      t.match(await place.script(script), { code: 0, stderr: '' });
      const now = await pidOf(place);
      t.not(now, server, what);
      t.match(await place.script(script), { code: 0, stderr: '' });
      t.equal(await pidOf(place), now, `${what}, then all is quiet`);
      server = now;
    }
  });
}

test('touching a file makes it be replaced', async (t, place) => {
  const script = prepare(place, '');
  await place.script(script);
  const server = await pidOf(place);
  utimesSync(script, new Date(), new Date());
  await place.script(script);
  t.not(await pidOf(place), server);
});

test('a server that became stale leaves by itself', async (t, place) => {
  const script = prepare(place, '');
  await place.script(script);
  place.write('lib/value.mjs', 'export default 3;');
  await waitFor('all to go', () => place.processes().length === 0);
  t.equal((await place.script(script)).stdout, '3 config\n');
});

test('a call in flight is not touched by an edit', async (t, place) => {
  const script = prepare(place, '');
  place.write(
    'script.mjs',
    `${readFileSync(script, 'utf8')}\nprocess.stdin.resume().on('end', () => console.log('end'));`,
  );
  await place.script(script);
  const server = await pidOf(place);
  const running = place.start(['-U', 'node', script], { stdio: ['pipe', 'pipe', 'pipe'] });
  await waitFor('it to run', () => running.stdout().includes('1 config'));
  place.write('lib/value.mjs', 'export default 2;');
  t.match(await place.script(script), { stdout: '2 config\nend\n' });
  t.equal(describe(server), undefined);
  running.child.stdin?.end();
  t.match(await running.ended, { code: 0, stdout: '1 config\nend\n', stderr: '' });
});

const enders: [name: string, end: (place: Place, script: string) => Promise<{ code: number | null }>][] = [
  ['--kill', (place, script) => place.call(['-U', '--kill', 'node', script])],
  ['prefork stop', (place, script) => prefork(place, ['stop', script])],
];
for (const [name, end] of enders) {
  test(`${name} ends the server within a second`, async (t, place) => {
    const script = prepare(place, '');
    for (const round of ['first', 'second']) {
      await place.script(script);
      const server = await pidOf(place);
      t.match(await end(place, script), { code: 0 });
      await waitFor(`the server to go, ${round} time`, () => describe(server) === undefined, 1000);
      await waitFor('all to go', () => place.processes().length === 0);
      t.strictSame(place.sockets(), []);
    }
  });
}

test('-f replaces the server, and the old one goes', async (t, place) => {
  const script = prepare(place, '');
  await place.script(script);
  const server = await pidOf(place);
  t.match(await place.call(['-U', '-f', 'node', script]), { code: 0, stdout: '1 config\n', stderr: '' });
  await waitFor('the old server to go', () => describe(server) === undefined, 1000);
  const fresh = await pidOf(place);
  t.match(await place.script(script), { code: 0 });
  t.equal(await pidOf(place), fresh);
});

test('a socket that is removed or replaced ends its server', async (t, place) => {
  const script = prepare(place, '');
  for (const change of [unlinkSync, (path: string) => renameSync(path, `${path}.moved`)]) {
    await place.script(script);
    const server = await pidOf(place);
    change(join(place.runDirectory, `s${place.sockets()[0]}`));
    await waitFor('the server to go', () => describe(server) === undefined);
  }
  t.match(await place.script(script), { code: 0, stderr: '' });
});

function prepare(place: Place, options: string, before = ''): string {
  place.write('lib/value.mjs', 'export default 1;');
  place.write('lib/config', 'config');
  return place.write('script.mjs', SCRIPT(options, before));
}

async function pidOf(place: Place): Promise<number> {
  return (await waitFor('the server', () => place.servers().at(-1))).pid;
}

/** It sleeps, and has used no time for a while. */
async function isResting(pid: number): Promise<boolean> {
  const used = () => readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ').slice(13, 15).join();
  const before = used();
  await new Promise((resolve) => setTimeout(resolve, 100));
  return used() === before;
}
