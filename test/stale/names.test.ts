/** What else counts as an edit: names that appear, vanish or lead elsewhere, and listings. */
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, type Result, test, waitFor } from '../helpers/index.js';

const READS = (path: string) => `import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
  import { createRequire } from 'node:module';
  import { initialisationComplete } from 'prefork-interp';
  const require = createRequire(import.meta.url);
  const attempt = (look) => {
    try {
      return look();
    } catch (error) {
      return error.code;
    }
  };
  const found = attempt(() => ${path});
  initialisationComplete();
  console.log(found);`;

interface Case {
  readonly name: string;
  /** What initialisation looks at: an expression. */
  readonly looks: string;
  readonly prepare?: (work: string) => void;
  /** Each changes the answer to what stands beside it. */
  readonly edits: readonly (readonly [change: (work: string) => void, answer: string])[];
  readonly first: string;
}

const write = (name: string, content: string) => (work: string) => {
  mkdirSync(join(work, name, '..'), { recursive: true });
  writeFileSync(join(work, name), content);
};
const all =
  (...changes: ((work: string) => void)[]) =>
  (work: string) => {
    for (const change of changes) change(work);
  };
const move = (from: string, to: string) => (work: string) => renameSync(join(work, from), join(work, to));
const link = (target: string, name: string) => (work: string) => symlinkSync(target, join(work, name));
const relink = (target: string, name: string) => all(link(target, `${name}~`), move(`${name}~`, name));
const remove = (name: string) => (work: string) => rmSync(join(work, name), { recursive: true });

const cases: Case[] = [
  {
    name: 'a missing file appears, changes, vanishes and appears by rename',
    looks: "readFileSync('config', 'utf8')",
    first: 'ENOENT',
    edits: [
      [write('config', 'one'), 'one'],
      [write('config', 'two'), 'two'],
      [(work) => unlinkSync(join(work, 'config')), 'ENOENT'],
      [all(write('config~', 'three'), move('config~', 'config')), 'three'],
      [move('config', 'elsewhere'), 'ENOENT'],
    ],
  },
  {
    name: 'a file in a missing directory appears',
    looks: "existsSync('a/b/config')",
    first: 'false',
    edits: [
      [write('a/b/config', ''), 'true'],
      [remove('a'), 'false'],
      [all(write('x/b/config', ''), move('x', 'a')), 'true'],
    ],
  },
  {
    name: 'a module is found earlier than before',
    looks: "require('./lib')",
    prepare: write('lib/index.js', 'module.exports = "directory"'),
    first: 'directory',
    edits: [
      [write('lib.json', '"json"'), 'json'],
      [write('lib.js', 'module.exports = "js"'), 'js'],
      [remove('lib.js'), 'json'],
      [
        all(
          remove('lib.json'),
          remove('lib/index.js'),
          write('lib/package.json', '{"main":"m.js"}'),
          write('lib/m.js', 'module.exports = "main"'),
        ),
        'main',
      ],
    ],
  },
  {
    name: 'a link leads elsewhere',
    looks: "readFileSync('link', 'utf8')",
    prepare: all(write('one', 'one'), write('two', 'two'), link('one', 'link')),
    first: 'one',
    edits: [
      [relink('two', 'link'), 'two'],
      [write('two', 'TWO'), 'TWO'],
      [relink('missing', 'link'), 'ENOENT'],
      [write('missing', 'found'), 'found'],
    ],
  },
  {
    name: 'a link among the directories leads elsewhere',
    looks: "readFileSync('current/deep/config', 'utf8')",
    prepare: all(write('v1/deep/config', 'v1'), write('v2/deep/config', 'v2'), link('v1', 'current')),
    first: 'v1',
    edits: [
      [relink('v2', 'current'), 'v2'],
      [relink('v1', 'current'), 'v1'],
    ],
  },
  {
    name: 'a link to a link leads elsewhere',
    looks: "readFileSync('outer', 'utf8')",
    prepare: all(write('one', 'one'), write('two', 'two'), link('one', 'inner'), link('inner', 'outer')),
    first: 'one',
    edits: [[relink('two', 'inner'), 'two']],
  },
  {
    name: 'an ancestor directory is renamed and replaced',
    looks: "readFileSync('a/b/c/config', 'utf8')",
    prepare: all(write('a/b/c/config', 'old'), write('new/b/c/config', 'new')),
    first: 'old',
    edits: [
      [all(move('a', 'old'), move('new', 'a')), 'new'],
      [all(move('a/b', 'a/x'), write('a/b/c/config', 'newer')), 'newer'],
      [remove('a'), 'ENOENT'],
    ],
  },
  {
    name: 'a directory that was listed gains and loses entries',
    looks: "readdirSync('plugins').sort().join()",
    prepare: write('plugins/one', ''),
    first: 'one',
    edits: [
      [write('plugins/two', ''), 'one,two'],
      [move('plugins/one', 'plugins/three'), 'three,two'],
      [remove('plugins/two'), 'three'],
      [(work) => mkdirSync(join(work, 'plugins', 'four')), 'four,three'],
    ],
  },
  {
    name: 'the kind of what is there changes',
    looks: "statSync('thing').isDirectory()",
    prepare: write('thing', ''),
    first: 'false',
    edits: [
      [all(remove('thing'), (work) => mkdirSync(join(work, 'thing'))), 'true'],
      [remove('thing'), 'ENOENT'],
    ],
  },
  {
    name: 'the package.json above says something else',
    looks: "require('./sub/typed.js')",
    prepare: all(write('sub/typed.js', 'module.exports = typeof require'), write('sub/package.json', '{}')),
    first: 'function',
    edits: [[write('sub/typed.js', 'module.exports = typeof exports'), 'object']],
  },
];
for (const { name, looks, prepare, edits, first } of cases) {
  test(name, async (t, place) => {
    prepare?.(place.work);
    const script = place.write('looks.mjs', READS(looks));
    const answers = async () => [seen(await place.script(script)), seen(await place.script(script))];
    const both = (answer: string) => Array(2).fill({ code: 0, stdout: `${answer}\n`, stderr: '' });
    t.strictSame(await answers(), both(first));
    for (const [change, answer] of edits) {
      change(place.work);
      t.strictSame(await answers(), both(answer), answer);
    }
  });
}

test('the script itself is replaced, by its directory too', async (t, place) => {
  const source = (value: string) =>
    `import { initialisationComplete } from 'prefork-interp'; initialisationComplete(); console.log('${value}');`;
  const script = place.write('a/b/script.mjs', source('old'));
  t.equal((await place.script(script)).stdout, 'old\n');
  place.write('new/b/script.mjs', source('new'));
  all(move('a', 'old'), move('new', 'a'))(place.work);
  t.equal((await place.script(script)).stdout, 'new\n');
  all(
    move('a/b/script.mjs', 'a/b/moved.mjs'),
    write('other.mjs', source('linked')),
    link('../../other.mjs', 'a/b/script.mjs'),
  )(place.work);
  t.equal((await place.script(script)).stdout, 'linked\n');
  place.write('other.mjs', source('edited'));
  t.equal((await place.script(script)).stdout, 'edited\n');
});

test('what is edited during initialisation is seen by the next call', async (t, place) => {
  const source = (value: string) => `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { initialisationComplete } from 'prefork-interp';
    const read = readFileSync('config', 'utf8');
    writeFileSync('reading', '');
    while (existsSync('slowly')) await delay(5);
    initialisationComplete();
    console.log('${value}', read);`;
  const script = place.write('slow.mjs', source('one'));
  place.write('config', 'one');
  for (const [edit, answer] of [
    [() => place.write('config', 'two'), 'one two'],
    [() => place.write('slow.mjs', source('two')), 'two two'],
    [all(write('config~', 'six'), move('config~', 'config')), 'two six'],
  ] as const) {
    await place.call(['-U', '--kill', 'node', script]);
    rmSync(join(place.work, 'reading'), { force: true });
    place.write('slowly', '');
    const first = place.start(['-U', 'node', script]);
    await waitFor('initialisation to have read', () => rmReading(place));
    edit(place.work);
    unlinkSync(join(place.work, 'slowly'));
    t.match(await first.ended, { code: 0, stderr: '' });
    for (const call of ['second', 'third']) t.equal((await place.script(script)).stdout, `${answer}\n`, `${call} call`);
  }
});

test('what a call looks at is no matter', async (t, place) => {
  const script = place.write(
    'reads-late.mjs',
    `import { readFileSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     console.log(readFileSync('late', 'utf8'));`,
  );
  for (const content of ['one', 'two', 'three']) {
    place.write('late', content);
    t.equal((await place.script(script)).stdout, `${content}\n`);
  }
  t.equal(new Set(place.servers().map(({ pid }) => pid)).size, 1);
});

function seen({ code, stdout, stderr }: Result) {
  return { code, stdout, stderr };
}

function rmReading(place: Place): boolean {
  try {
    unlinkSync(join(place.work, 'reading'));
    return true;
  } catch {
    return false;
  }
}
