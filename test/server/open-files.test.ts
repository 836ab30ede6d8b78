/** Files that initialisation left open: no call moves another's place in them. */
import { readFileSync } from 'node:fs';
import { type Place, test } from '../helpers/index.js';

const calls = ['first', 'second', 'third', 'fourth'];

const readers: [name: string, open: string, read: string][] = [
  [
    'descriptor',
    "const file = fs.openSync('data', 'r'); const take = () => { const b = Buffer.alloc(4); fs.readSync(file, b); return b; }; take();",
    'console.log(String(take()), String(take()));',
  ],
  [
    'file handle',
    "const file = await fs.promises.open('data'); const take = async () => (await file.read(Buffer.alloc(4), 0, 4, null)).buffer; await take();",
    'console.log(String(await take()), String(await take())); await file.close();',
  ],
  [
    'file that has been deleted',
    "const file = fs.openSync('data', 'r'); fs.unlinkSync('data'); const take = () => { const b = Buffer.alloc(4); fs.readSync(file, b); return b; }; take();",
    'console.log(String(take()), String(take()));',
  ],
];

for (const [name, open, read] of readers) {
  test(`a ${name} that is read from has a place of its own in each call`, async (t, place) => {
    const script = scriptOf(place, open, read);
    place.write('data', '111122223333444455556666');
    for (const call of calls) {
      t.match(await place.script(script), { code: 0, stdout: 'true\n2222 3333\n', stderr: '' }, `${call} call`);
    }
    t.equal(place.servers().length, 1);
  });
}

test('a directory that is read has a place of its own in each call', async (t, place) => {
  const script = scriptOf(
    place,
    "fs.mkdirSync('many'); for (let i = 0; i < 9; i++) fs.writeFileSync('many/' + i, ''); const directory = fs.opendirSync('many');",
    'let count = 0; while (directory.readSync()) count++; console.log(count);',
  );
  for (const call of calls) t.match(await place.script(script), { stdout: 'true\n9\n' }, `${call} call`);
});

test('a file that is only appended to is shared, as a log is', async (t, place) => {
  const script = scriptOf(place, "const log = fs.openSync('log', 'a');", "fs.writeSync(log, 'a line\\n');");
  for (const call of calls) t.match(await place.script(script), { stdout: 'true\n', stderr: '' }, `${call} call`);
  t.equal(readFileSync(`${place.work}/log`, 'utf8'), 'a line\n'.repeat(calls.length));
});

function scriptOf(place: Place, before: string, after: string): string {
  return place.write(
    'opens.mjs',
    `import fs from 'node:fs';
    import { initialisationComplete } from 'prefork-interp';
    ${before}
    console.log(initialisationComplete());
    ${after}`,
  );
}
