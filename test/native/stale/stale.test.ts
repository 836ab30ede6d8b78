/** The staleness store and the observer together, by the rules of docs/staleness.md. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import tap from 'tap';
import { type Place, test } from '../../helpers/index.js';
import { type Case, cases } from './cases.js';
import { type Build, compileBuilds, Driver } from './driver.js';
import { Folder } from './folder.js';

/** The clock of time stamps moves at least every 10 ms: then what was just written is settled. */
const TICKS_MS = 25;

const tools = mkdtempSync('/tmp/pf-');
tap.teardown(() => rmSync(tools, { recursive: true }));
const builds = await compileBuilds(tools);

/** What is seen of a case, in the order in which it is asked. */
interface Seen {
  readonly notes: string;
  readonly ready: string;
  /** What an executor finds before the edit. */
  readonly before?: string;
  /** What two executors find after it, before the server has looked. */
  readonly calls?: readonly string[];
  readonly server?: string;
  /** What an executor finds after the server has looked. */
  readonly later?: string;
  readonly server2?: string;
}

const expected: Record<Case['want'], Seen> = {
  stillborn: { notes: 'whole', ready: 'changed' },
  changed: seen('changed', ['changed', 'changed'], 'changed'),
  gone: seen('gone', ['gone', 'gone'], 'gone'),
  quiet: seen('fresh', ['quiet', 'quiet'], 'quiet'),
  fresh: seen('fresh', ['fresh', 'fresh'], 'quiet'),
};

function seen(server: string, calls: readonly string[], later: string): Seen {
  return { notes: 'whole', ready: 'fresh', before: 'quiet', calls, server, later };
}

test('what counts as an edit, and what does not', async (t, place) => {
  chmodSync(place.root, 0o711); // for a driver that becomes nobody
  for (const build of [builds.plain, builds.sanitized]) {
    const folders = Object.entries(cases).map(([name, one], index) => {
      const folder = new Folder(join(place.root, `${build.name}-${index}`));
      one.before?.(folder);
      return { name: `${build.name}: ${name}`, one, folder };
    });
    await delay(TICKS_MS);
    for (const { name, one, folder } of folders) {
      const want = { ...expected[one.want], ...(one.next && { server2: 'changed' }) };
      t.same(await observeCase(place, build, one, folder), want, name);
    }
  }
});

/** The verdict without the name that it gives besides. */
const verdict = (answer: string) => answer.split(' ')[0] ?? '';

async function observeCase(place: Place, build: Build, one: Case, folder: Folder): Promise<Seen> {
  const driver = new Driver(place, build);
  const lines = (texts: readonly string[]) =>
    texts.map((text) => text.replaceAll('@', `${folder.root}/`).replaceAll(' ', '\t'));
  const notes = await driver.tell(...lines([...one.look, 'notes']));
  const watch = one.socket ? `watch @${one.socket}` : 'watch';
  const ready = verdict(await driver.tell(...lines([...(one.store ?? []), watch])));
  if (ready !== 'fresh') {
    await driver.end();
    return { notes, ready };
  }
  if (one.settled) await driver.tell('settle');
  const before = await driver.tell('ask');
  one.edit?.(folder);
  const [first = '', second = '', drained = '', last = ''] = await driver.tellAll('ask', 'ask', 'drain', 'ask');
  const server = verdict(drained);
  // A server whose socket is gone leaves: nobody asks any more.
  const later = server === 'gone' ? 'gone' : last;
  const result = { notes, ready, before, calls: [first, second], server, later };
  if (!one.next) {
    await driver.end();
    return result;
  }
  one.next(folder);
  const server2 = verdict(await driver.tell('drain'));
  await driver.end();
  return { ...result, server2 };
}

interface Prepared {
  readonly driver: Driver;
  readonly folder: Folder;
}

/** A driver in a folder of its own. */
async function prepare(place: Place, build: Build, options?: { observed: boolean }): Promise<Prepared> {
  const folder = new Folder(mkdtempSync(join(place.root, 'folder-')));
  await delay(TICKS_MS);
  return { driver: new Driver(place, build, { cwd: folder.root, ...options }), folder };
}

test('what changed is named, and it stays so, for all executors and for ever', async (t, place) => {
  const { driver, folder } = await prepare(place, builds.plain);
  const name = folder.path('opt');
  t.equal(await driver.tell('read\tfile', `stat\t${name}`, 'notes', 'watch'), 'fresh');
  folder.write('opt', '');
  t.equal(await driver.tell('call'), 'changed', 'an executor says so');
  folder.remove('opt');
  t.equal(await driver.tell('ask'), 'changed', 'another one finds all as it was, and is told');
  t.equal(await driver.tell('drain'), `changed ${name}`);
  t.equal(await driver.tell('drain'), `changed ${name}`);
  await driver.end();
});

test('a spare that was forked earlier knows the contents', async (t, place) => {
  const { driver, folder } = await prepare(place, builds.plain);
  t.equal(await driver.tell('read\tfile', 'notes', 'watch', 'spare', 'settle'), 'done');
  folder.chmod('file', 0o600);
  t.equal(await driver.tell('ask-spare'), 'fresh');
  await driver.end();
});

test('the instance has a high number, and the regular files are listed for the marker', async (t, place) => {
  const { driver, folder } = await prepare(place, builds.plain);
  const looks = ['read\tfile', 'list\tdir', 'stat\topt', 'stat\ttwin', 'read\tfile'];
  t.equal(await driver.tell(...looks, 'notes', 'watch'), 'fresh');
  t.ok(Number(await driver.tell('descriptor')) >= 64);
  t.equal(await driver.tell('files'), `${folder.path('file')}:5 ${folder.path('twin')}:4`);
  await driver.end();
});

test('a network file system is told to ask its server', async (t, place) => {
  const { driver } = await prepare(place, builds.plain);
  t.equal(await driver.tell('read\tfile', 'notes', 'watch', 'asked-server'), '0', 'a local one is not');
  await driver.end();
  const { driver: other, folder } = await prepare(place, builds.plain);
  await other.tell('read\tfile', 'notes', `network\t${folder.root}`, 'watch');
  t.equal(await other.tell('ask'), 'quiet');
  const before = Number(await other.tell('asked-server'));
  await other.tell('drain');
  t.ok(Number(await other.tell('asked-server')) > before, 'at each comparison');
  await other.end();
});

test('a queue of events that overflowed loses nothing', async (t, place) => {
  const { driver, folder } = await prepare(place, builds.plain);
  t.equal(await driver.tell('stat\topt', 'read\tfile', 'notes', 'watch'), 'fresh');
  const events = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
  // Each is two events of one name, CREATE and MOVED_TO; equal ones that follow each other would be made one.
  for (let count = 0; count <= events; count += 2) folder.replace('noise', '');
  t.equal(await driver.tell('ask'), 'fresh');
  t.equal(await driver.tell('drain'), 'fresh');
  t.equal(await driver.tell('ask'), 'quiet');
  folder.write('file', 'other');
  t.equal(await driver.tell('drain'), `changed ${folder.path('file')}`);
  await driver.end();
});

/** Two edits of the same size within microseconds, with initialisation's look between them. */
test('what was read within a tick of being written', async (t, place) => {
  const first = { 'in place': 'other-writes\tfile\tfirst', 'by rename': 'other-replaces\tfile\tfirst' };
  const second = {
    'no second edit': ['fresh', []],
    'second edit in place': ['changed', ['other-writes\tfile\tother']],
    'second edit by rename': ['changed', ['other-replaces\tfile\tother']],
  } as const;
  for (const base of [place.root, mkdtempSync('/dev/shm/pf-')]) {
    for (let round = 0; round < 8; round++) {
      for (const [how, edit] of Object.entries(first)) {
        for (const [then, [want, edits]] of Object.entries(second)) {
          const driver = new Driver(place, builds.plain, { cwd: mkdtempSync(join(base, 'tick-')) });
          const verdict = await driver.tell(edit, 'read\tfile', ...edits, 'notes', 'watch');
          t.equal(verdict.split(' ')[0], want, `${base}: ${how}, ${then}`);
          await driver.end();
        }
      }
    }
    if (base !== place.root) rmSync(base, { recursive: true });
  }
});

test('a call between the reading of an event and the verdict', async (t, place) => {
  const { driver, folder } = await prepare(place, builds.plain);
  t.equal(await driver.tell('read\tfile', 'notes', 'watch', 'settle', 'ask'), 'quiet');
  folder.openForWriting('file');
  t.equal(await driver.tell('drain-and-ask'), 'fresh', 'it looks for itself');
  t.equal(await driver.tell('ask'), 'quiet', 'after the verdict there is no more reason to');
  folder.write('file', 'other');
  t.equal(await driver.tell('drain-and-ask'), 'changed');
  await driver.end();
});

test('a call right after an edit, while the server reads other events', async (t, place) => {
  const { driver, folder } = await prepare(place, builds.plain);
  for (let batch = 0; batch < 2; batch++) {
    folder.make(`race-${batch}`);
    t.equal(await driver.tell(`race\t${folder.path(`race-${batch}`)}\t40`), '0 in vain');
  }
  await driver.end();
});

for (const build of [builds.plain, builds.sanitized]) {
  test(`${build.name}: threads that look at the same time lose no note`, async (t, place) => {
    const { driver, folder } = await prepare(place, build);
    t.equal(await driver.tell(`look-in-threads\t${folder.root}\t500`, 'notes'), 'whole');
    const names = driver.notes().filter(({ kind, name }) => kind === 'missing' && name.includes('/nothing-'));
    t.equal(names.length, 4000);
    t.equal(new Set(names.map(({ name }) => name)).size, 4000);
    t.equal(await driver.tell('watch', 'ask'), 'quiet');
    await driver.end();
  });

  test(`${build.name}: notes are whole that are closed while threads still look`, async (t, place) => {
    const { driver, folder } = await prepare(place, build);
    t.equal(await driver.tell(`keep-looking\t${folder.root}\t5000`, 'notes'), 'whole');
    t.equal(await driver.tell('watch'), 'fresh');
    await driver.end();
  });
}

test('notes that overflow are said not to be whole, and what was noted counts', async (t, place) => {
  const { driver, folder } = await prepare(place, builds.plain);
  const looks = ['read\tfile', `look-in-threads\t${folder.path('a'.repeat(200))}\t6000`];
  t.equal(await driver.tell(...looks, 'notes'), 'not whole');
  t.equal(await driver.tell('watch'), 'fresh');
  folder.write('file', 'other');
  t.equal(await driver.tell('drain'), `changed ${folder.path('file')}`);
  await driver.end();
});

test('notes are not whole where the observer was lost on the way', async (t, place) => {
  const { driver } = await prepare(place, builds.plain, { observed: false });
  t.equal(await driver.tell('read\tfile', 'notes'), 'not whole');
  await driver.end();
});
