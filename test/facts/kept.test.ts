/** What initialisation has changed of the process stays changed in each call; the rest is the caller's. */
import { test } from '../helpers/index.js';

const environments: Record<string, string>[] = [
  {},
  { MINE: 'first', DELETED: 'x', CHANGED: 'x', EMPTIED: 'x' },
  { MINE: 'second', ADDED: 'x', DELETED: '', CHANGED: '', TZ: 'Europe/Berlin' },
  { MINE: 'third', NEVER_THERE: 'but here', LATE: 'x', ADDED_TOO: 'x' },
];

test('changes of environment, directory and umask', async (t, place) => {
  const script = place.fixture('changes-process.mjs');
  const first = { env: { CHANGED: 'by initialisation' } };
  await place.script(script, [], first);
  await place.script(script, [], first);
  for (const env of environments) {
    const plain = await place.plain(script, [], { env });
    const called = await place.script(script, [], { env });
    t.equal(called.stderr, '');
    t.strictSame(JSON.parse(called.stdout), JSON.parse(plain.stdout), JSON.stringify(env));
  }
});

test('changes in a first call, and in one that is not forked', async (t, place) => {
  const script = place.fixture('changes-process.mjs');
  const unforkable = place.write('unforkable.mjs', listening(place.read('changes-process.mjs')));
  for (const each of [script, unforkable]) {
    const plain = await place.plain(each, [], { env: { CHANGED: 'x' } });
    const called = await place.script(each, [], { env: { CHANGED: 'x' } });
    t.strictSame(JSON.parse(called.stdout), JSON.parse(plain.stdout));
  }
});

function listening(source: string): string {
  const server = `const server = (await import('node:net')).createServer().listen(0, () => server.unref());\n`;
  return source.replace('initialisationComplete();', `${server}initialisationComplete();\nserver.close();`);
}
