/** What initialisation itself made, wrote or removed is watched from its end on. */
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, prefork, spares, test, waitFor } from '../helpers/index.js';

/** `above` runs in initialisation, `below` in each call and gives its answer. Each initialisation adds a letter to the file `starts`. */
const SCRIPT = (above: string, below: string) => `const fs = require('node:fs');
const { join } = require('node:path');
const { initialisationComplete } = require('prefork-interp');
const read = (name) => fs.readFileSync(name, 'utf8');
const attempt = (act) => { try { return act(); } catch (error) { return error.code; } };
fs.appendFileSync('starts', 'x');
${above}
initialisationComplete();
console.log(${below});`;

type Change = (place: Place) => unknown;
/** What is done before a call, what that answers, and how many initialisations there were by then. */
type Step = readonly [change: Change, answer: string, starts: number];

const nothing: Change = () => {};
const write =
  (name: string, content = ''): Change =>
  (place) =>
    place.write(name, content);
const remove =
  (name: string): Change =>
  ({ work }) =>
    rmSync(join(work, name), { recursive: true });
const replace =
  (name: string, content: string): Change =>
  (place) =>
    renameSync(place.write(`${name}~`, content), join(place.work, name));
const relink =
  (target: string, name: string): Change =>
  ({ work }) => {
    symlinkSync(target, join(work, `${name}~`));
    renameSync(join(work, `${name}~`), join(work, name));
  };

const MAKE = "if (!fs.existsSync('conf')) fs.writeFileSync('conf', 'default');";

const cases: Record<string, { above: string; below: string; prepare?: Change; steps: readonly Step[] }> = {
  'made and read back: its content counts': {
    above: `${MAKE} const conf = read('conf');`,
    below: 'conf',
    steps: [
      [nothing, 'default', 1],
      [nothing, 'default', 1],
      [write('conf', 'mine'), 'mine', 2],
      [remove('conf'), 'default', 3],
      [replace('conf', 'other'), 'other', 4],
    ],
  },
  'looked for in vain and made: the next run would read it': {
    above: `let conf = 'default'; try { conf = read('conf'); } catch { fs.writeFileSync('conf', conf); }`,
    below: 'conf',
    steps: [
      [nothing, 'default', 1],
      [write('conf', 'mine'), 'mine', 2],
    ],
  },
  'made anew and read, and replaced by the same: no edit': {
    above: `fs.writeFileSync('made', 'same'); const made = read('made');`,
    below: 'made',
    steps: [
      [nothing, 'same', 1],
      [replace('made', 'same'), 'same', 1],
      [replace('made', 'same'), 'same', 1],
      [remove('made'), 'same', 2],
    ],
  },
  'renamed into place, and read': {
    above: `fs.mkdirSync('node_modules/.cache', { recursive: true });
      const cache = 'node_modules/.cache/tool.json';
      if (!fs.existsSync(cache)) { fs.writeFileSync(cache + '.tmp', 'built'); fs.renameSync(cache + '.tmp', cache); }
      const built = read(cache);`,
    below: 'built',
    steps: [
      [nothing, 'built', 1],
      [write('node_modules/.cache/tool.json.tmp', 'of another'), 'built', 1],
      [write('node_modules/.cache/tool.json', 'edited'), 'edited', 2],
      [remove('node_modules/.cache'), 'built', 3],
    ],
  },
  'only written: whether it is there': {
    above: "fs.writeFileSync('output', 'made');",
    below: "(fs.appendFileSync('output', '+'), read('output'))",
    steps: [
      [nothing, 'made+', 1],
      [nothing, 'made++', 1],
      [write('output', 'edited'), 'edited+', 1],
      [remove('output'), 'made+', 2],
    ],
  },
  'a header that is written where there is none, and calls that append': {
    above: "if (!fs.existsSync('log')) fs.writeFileSync('log', 'header');",
    below: "(fs.appendFileSync('log', '+'), read('log'))",
    steps: [
      [nothing, 'header+', 1],
      [nothing, 'header++', 2],
      [nothing, 'header+++', 2],
      [remove('log'), 'header+', 3],
    ],
  },
  'open for appending: the name must lead to it, and it may grow': {
    above: "const log = fs.openSync('log', 'a');",
    below: "(fs.writeSync(log, '+'), read('log'))",
    steps: [
      [nothing, '+', 1],
      [nothing, '++', 1],
      [nothing, '+++', 1],
      [({ work }) => renameSync(join(work, 'log'), join(work, 'log.1')), '+', 2],
      [nothing, '++', 2],
      [replace('log', 'new'), 'new+', 3],
    ],
  },
  'looked for in vain, made and kept open for appending': {
    above: "fs.existsSync('log'); const log = fs.openSync('log', 'a+');",
    below: "(fs.writeSync(log, '+'), read('log'))",
    steps: [
      [nothing, '+', 1],
      [nothing, '++', 1],
      [remove('log'), '+', 2],
    ],
  },
  'open for appending behind a link: the link too': {
    above: "const log = fs.openSync('log', 'a');",
    below: "(fs.writeSync(log, '+'), read('log'))",
    prepare: (place) => {
      place.write('one', '1');
      place.write('two', '2');
      symlinkSync('one', join(place.work, 'log'));
    },
    steps: [
      [nothing, '1+', 1],
      [nothing, '1++', 1],
      [relink('two', 'log'), '2+', 2],
    ],
  },
  'a folder of its own': {
    above: "const made = fs.mkdtempSync(join(process.cwd(), 't-'));",
    below: "attempt(() => (fs.writeFileSync(made + '/file', ''), 'written'))",
    steps: [
      [nothing, 'written', 1],
      [nothing, 'written', 1],
      [
        ({ work }) => {
          for (const name of folders(work)) rmSync(join(work, name), { recursive: true });
        },
        'written',
        2,
      ],
    ],
  },
  'a lock that was made and removed may be made by others': {
    above: "if (!fs.existsSync('lock')) fs.mkdirSync('lock'); fs.statSync('lock'); fs.rmdirSync('lock');",
    below: "'done'",
    steps: [
      [nothing, 'done', 1],
      [({ work }) => mkdirSync(join(work, 'lock')), 'done', 1],
      [remove('lock'), 'done', 1],
    ],
  },
  'found and removed: when it comes again, a run would find it again': {
    above: "const asked = fs.existsSync('flag'); fs.rmSync('flag', { force: true });",
    below: 'asked',
    prepare: write('flag'),
    steps: [
      [nothing, 'true', 1],
      [nothing, 'true', 1],
      [write('flag'), 'true', 2],
    ],
  },
  'a link that it made': {
    above: "if (!fs.existsSync('current')) fs.symlinkSync('one', 'current'); const current = read('current');",
    below: 'current',
    prepare: (place) => {
      place.write('one', '1');
      place.write('two', '2');
    },
    steps: [
      [nothing, '1', 1],
      [relink('one', 'current'), '1', 1],
      [relink('two', 'current'), '2', 2],
      [write('two', 'II'), 'II', 3],
    ],
  },
  'opened to be read and changed, and closed': {
    above: `const base = fs.openSync('base', 'r+'); const found = Buffer.alloc(3); fs.readSync(base, found, 0, 3, 0);
      fs.writeSync(base, '.', 3); fs.closeSync(base);`,
    below: 'String(found)',
    prepare: write('base', 'one'),
    steps: [
      [nothing, 'one', 1],
      [nothing, 'one', 1],
      [write('base', 'two'), 'two', 2],
    ],
  },
  'seen by another name': {
    above: `fs.writeFileSync('made', 'own'); fs.rmSync('again', { force: true }); fs.linkSync('made', 'again');
      const made = read('again');`,
    below: 'made',
    steps: [
      [nothing, 'own', 1],
      [replace('again', 'own'), 'own', 1],
      [write('again', 'edited'), 'own', 2],
    ],
  },
  "a socket's name": {
    above: `require('node:net').createServer().listen('socket').close();`,
    below: "attempt(() => fs.statSync('socket').size)",
    steps: [
      [nothing, 'ENOENT', 1],
      [write('socket'), '0', 1],
    ],
  },
};
for (const [name, { above, below, prepare, steps }] of Object.entries(cases)) {
  test(name, async (t, place) => {
    prepare?.(place);
    const script = place.write('own.cjs', SCRIPT(above, below));
    for (const [at, [change, answer, starts]] of steps.entries()) {
      change(place);
      t.match(await place.script(script), { code: 0, stdout: `${answer}\n`, stderr: '' }, `step ${at}`);
      t.equal(place.read('starts').length, starts, `step ${at}`);
      // It watches then, and has had time to remember contents.
      await rest(place);
    }
  });
}

test('what changes under two servers, one after the other, makes the script run plainly, with a line', async (t, place) => {
  const above = `const made = fs.mkdtempSync(join(process.cwd(), 't-'));
    process.on('exit', () => fs.rmSync(made, { recursive: true, force: true }));`;
  const source = SCRIPT(above, "attempt(() => (fs.writeFileSync(made + '/file', ''), 'written'))");
  const script = place.write('own.cjs', source);
  const line =
    /^prefork-interp: running \S+ plainly: its initialisation writes \S+\/t-\w+, which has changed since, twice running\n$/; // Once a minute.
  const gone = () => waitFor('the server to go', () => place.processes().length === 0);
  for (const stderr of ['', '', line, '']) {
    t.match(await place.script(script), { code: 0, stdout: 'written\n', stderr });
    await gone();
  }
  t.match(await prefork(place, ['why', script]), { stdout: /this call would run plainly: its initialisation writes / });
  place.write('own.cjs', `${source}\n`);
  t.match(await place.script(script), { stdout: 'written\n', stderr: '' }, 'an edited script may be another');
  await gone();
});

test('what changes under one server, and not under the next, is forgotten', async (t, place) => {
  const script = place.write('own.cjs', SCRIPT("fs.writeFileSync('made', '');", "'done'"));
  const again = async () => {
    t.match(await place.script(script), { code: 0, stdout: 'done\n', stderr: '' });
    await rest(place);
  };
  for (const change of [remove('made'), write('own.cjs', `${place.read('own.cjs')}\n`), remove('made'), nothing]) {
    await again();
    change(place);
  }
});

test('what the first call does to it, as spares are only being made', async (t, place) => {
  const script = place.write(
    'own.cjs',
    SCRIPT(
      "fs.writeFileSync('made', 'above'); const made = read('made');",
      "(fs.writeFileSync('made', 'below'), made)",
    ),
  );
  for (const stderr of ['', '', /plainly: its initialisation writes \S+\/made, which/]) {
    t.match(await place.script(script), { code: 0, stdout: 'above\n', stderr });
    await waitFor('the server to go', () => place.processes().length === 0);
  }
});

/** Either the server has nothing more to do, or it has become stale in the call and left. */
async function rest(place: Place): Promise<void> {
  await waitFor('spares', () => spares(place).length === 2 || place.processes().length === 0);
}

/** The folders that `mkdtemp` made. */
function folders(work: string): string[] {
  return readdirSync(work).filter((name) => name.startsWith('t-'));
}
