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

/** The options are read a second time once it has been noted what is open: as if another thread did it in this moment. */
const meanwhile = (doing: string) => `{ get spares() { if (this.asked) { ${doing} } this.asked = true; return 2; } }`;

test('a number that now stands for something else is no file of initialisation', async (t, place) => {
  place.write('data', '');
  const script = place.write(
    'recycles.mjs',
    `import fs from 'node:fs';
    import net from 'node:net';
    import { initialisationComplete } from 'prefork-interp';
    const file = fs.openSync('data');
    const listen = (name) => net.createServer().listen(name + process.pid).unref();
    const recycle = () => { listen('one'); fs.closeSync(file); listen('other'); return fs.readlinkSync('/proc/self/fd/' + file); };
    let now;
    console.log(initialisationComplete(${meanwhile('now = recycle();')}), now);`,
  );
  for (const call of calls) {
    t.match(await place.script(script), { code: 0, stdout: /^true socket:/, stderr: '' }, `${call} call`);
  }
});

test('where a file cannot be opened anew in the executor the call runs plainly, with the reason', async (t, place) => {
  const script = place.write(
    'vanishes.mjs',
    `import fs from 'node:fs';
    import { spawnSync } from 'node:child_process';
    import { initialisationComplete } from 'prefork-interp';
    // Its parent waits for it, so that nothing is left of it once it has ended.
    fs.rmSync('pid', { force: true });
    spawnSync('sh', ['-c', "sh -c 'sleep 60 & echo $! >pid.part; mv pid.part pid; wait' &"], { stdio: 'ignore' });
    while (!fs.existsSync('pid'));
    const pid = Number(fs.readFileSync('pid', 'latin1'));
    const file = fs.openSync('/proc/' + pid + '/maps');
    const vanish = () => { process.kill(pid, 'SIGKILL'); while (fs.existsSync('/proc/' + pid)); };
    console.log(initialisationComplete(${meanwhile('vanish();')}));
    if (fs.existsSync('/proc/' + pid)) process.kill(pid, 'SIGKILL');`,
  );
  t.match(await place.script(script), {
    code: 0,
    stdout: 'false\n',
    stderr:
      /^prefork-interp: running .* plainly: [^\n]*: a file that initialisation left open cannot be opened again: [^\n]*\n$/,
  });
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
