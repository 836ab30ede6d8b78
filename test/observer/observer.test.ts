/** What the observer notes of a Node script, on the Node under test. */
import { once } from 'node:events';
import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Test } from 'tap';
import { type Place, paths, type Result, test } from '../helpers/index.js';
import { type Note, type Observed, type ObserveOptions, observe } from './notes.js';

/** Runs a script that should end well. */
async function look(place: Place, script: string, options: ObserveOptions = {}): Promise<[Observed, Result]> {
  const observed = observe(place, paths.nodeUnderTest, [script], options);
  const result = await observed.running.ended;
  if (result.code !== 0) throw new Error(`${script}: ${result.code}, ${result.stderr}`);
  return [observed, result];
}

/** The notes of what lies in a folder, as `kind name`. */
function within(folder: string, notes: readonly Note[]): string[] {
  const found = notes.filter(({ name }) => name.startsWith(`${folder}/`));
  return found.map(({ kind, name }) => `${kind} ${name.slice(folder.length + 1)}`);
}

function of(kind: Note['kind'], notes: readonly Note[]): string[] {
  return notes.filter((note) => note.kind === kind).map(({ name }) => name);
}

/** Every one of these is noted of the work folder; where it is not, what is. */
function has(t: Test, place: Place, observed: Observed, wanted: readonly string[]): void {
  const found = within(place.work, observed.notes());
  for (const one of wanted) t.ok(found.includes(one), one, { found });
}

/** Forms of looking, each in a folder of its own that is the current directory, and what is noted of it. */
const looks: Record<string, string[]> = {
  "fs.readFileSync('data')": ['opened data'],
  "await new Promise((done) => fs.readFile('data', done))": ['opened data'],
  "await p.readFile('data')": ['opened data'],
  "await all(fs.createReadStream('data'))": ['opened data'],
  "fs.closeSync(fs.openSync('data'))": ['opened data'],
  "try { fs.readFileSync('none') } catch {}": ['missing none'],
  "await p.readFile('none').catch(() => {})": ['missing none'],
  "try { fs.readFileSync('data/none') } catch {}": ['missing data/none'],
  "fs.existsSync('data')": ['asked data'],
  "fs.existsSync('none')": ['missing none'],
  "await p.access('data')": ['asked data'],
  "fs.statSync('data')": ['asked data'],
  "fs.lstatSync('link')": ['asked link'],
  "await p.stat('data')": ['asked data'],
  "fs.statSync('none', { throwIfNoEntry: false })": ['missing none'],
  "fs.readlinkSync('link')": ['asked link'],
  "fs.realpathSync('link')": ['asked link'],
  "fs.realpathSync.native('link')": ['asked link'],
  "fs.readdirSync('dir')": ['opened dir'],
  "await p.readdir('dir')": ['opened dir'],
  "for (const d = fs.opendirSync('dir'); ; ) if (!d.readSync()) { d.closeSync(); break }": ['opened dir'],
  "fs.writeFileSync('new', 'x')": ['written new'],
  "await p.writeFile('new', 'x')": ['written new'],
  "fs.appendFileSync('data', 'x')": ['written data'],
  "fs.mkdirSync('made')": ['written made'],
  "fs.renameSync('data', 'moved')": ['written data', 'written moved'],
  "fs.unlinkSync('data')": ['written data'],
  "fs.rmSync('dir', { recursive: true })": ['written dir', 'written dir/inside'],
  "fs.chmodSync('data', 0o600)": ['written data'],
  "fs.utimesSync('data', 1, 1)": ['written data'],
  "fs.truncateSync('data', 1)": ['written data'],
  "fs.symlinkSync('data', 'second')": ['written second'],
  "fs.linkSync('data', 'second')": ['written second'],
  "fs.copyFileSync('data', 'copy')": ['opened data', 'written copy'],
  "require('./code.cjs')": ['opened code.cjs'],
  "require('./data.json')": ['opened data.json'],
  "await import('./code.mjs')": ['opened code.mjs'],
  "try { require('./absent') } catch {}": ['missing absent.js', 'missing absent.json'],
  "await import('./absent.mjs').catch(() => {})": ['missing absent.mjs'],
  "await once(new Worker('./worker.cjs'), 'exit')": ['opened worker.cjs', 'opened data'],
};

const begin = `const fs = require('node:fs');
const p = fs.promises;
const { Worker } = require('node:worker_threads');
const { once } = require('node:events');
const all = async (stream) => { for await (const _ of stream); };
module.exports = async () => {
`;

function furnish(place: Place, folder: string, code: string): string {
  place.write(`${folder}/data`, 'data');
  place.write(`${folder}/data.json`, '{}');
  place.write(`${folder}/dir/inside`, '');
  place.write(`${folder}/code.cjs`, '');
  place.write(`${folder}/code.mjs`, '');
  place.write(`${folder}/worker.cjs`, "require('node:fs').readFileSync('data')");
  symlinkSync('data', join(place.work, folder, 'link'));
  return place.write(`${folder}/look.cjs`, `${begin}${code};\n};\n`);
}

test('every form of looking at files, and of changing them', async (t, place) => {
  const all = Object.entries(looks).map(([code, wanted], index) => {
    return { code, wanted, path: furnish(place, `look-${index}`, code) };
  });
  const script = place.write(
    'script.cjs',
    `(async () => {
      for (const path of process.argv.slice(2)) {
        process.chdir(require('node:path').dirname(path));
        await require(path)();
      }
    })();`,
  );
  for (const uring of ['0', '1']) {
    const args = [script, ...all.map(({ path }) => path)];
    const observed = observe(place, paths.nodeUnderTest, args, { env: { UV_USE_IO_URING: uring } });
    t.match(await observed.running.ended, { code: 0, stderr: '' });
    const notes = observed.notes();
    for (const { code, wanted, path } of all) {
      const found = within(dirname(path), notes);
      for (const one of [...wanted, 'opened look.cjs']) t.ok(found.includes(one), `${code}: ${one}`, { found });
    }
    for (const { path } of all) rmSync(dirname(path), { recursive: true });
    for (const [index, { code }] of all.entries()) furnish(place, `look-${index}`, code);
  }
});

test('an ES module, what it imports, JSON, and what it awaits', async (t, place) => {
  place.write('code.mjs', 'export default 1;');
  place.write('code.cjs', '');
  place.write('data.json', '{}');
  place.write('data', 'data');
  const script = place.write(
    'script.mjs',
    `import './code.mjs';
    import './code.cjs';
    import data from './data.json' with { type: 'json' };
    import { readFile } from 'node:fs/promises';
    await readFile(new URL('data', import.meta.url));
    await import('./none.mjs').catch(() => {});`,
  );
  const [observed] = await look(place, script);
  const files = ['script.mjs', 'code.mjs', 'code.cjs', 'data.json', 'data'];
  has(t, place, observed, [...files.map((name) => `opened ${name}`), 'missing none.mjs']);
});

test('a note has the signature of what was opened; one of existence has none', async (t, place) => {
  const data = place.write('data', 'four');
  const exists = place.write('exists', 'four');
  const stat = place.write('stat', 'four');
  const code = `fs.readFileSync('${data}'); fs.existsSync('${exists}'); fs.statSync('${stat}');`;
  const [observed] = await look(place, place.write('script.cjs', `const fs = require('node:fs'); ${code}`));
  const notes = observed.notes().filter(({ name }) => [data, exists, stat].includes(name));
  t.same(notes, [
    { kind: 'opened', name: data, existence: false, size: 4 },
    { kind: 'asked', name: exists, existence: true, size: 0 },
    { kind: 'asked', name: stat, existence: false, size: 4 },
  ]);
});

test('a native addon', async (t, place) => {
  cpSync(paths.addon, join(place.work, 'native.node'));
  const [observed] = await look(place, place.write('script.cjs', "require('./native.node')"));
  has(t, place, observed, ['asked native.node']);
});

test('variables by name, and all of them where all are copied', async (t, place) => {
  const env = { PROBE: 'x', OTHER: 'y' };
  const [one] = await look(place, place.write('one.cjs', 'process.env.PROBE; process.env.ABSENT'), { env });
  const names = of('variable', one.notes());
  t.ok(names.includes('PROBE'));
  t.ok(names.includes('ABSENT'), 'one that is not set is noted, too');
  t.notOk(names.includes('OTHER'));
  const [all] = await look(place, place.write('all.cjs', '({ ...process.env })'), { env });
  t.strictSame(of('environment', all.notes()), ['']);
});

/** Code, whether it copies the environment or lists its names, and which of some variables it reads by name. */
const readings: [code: string, whole: '' | 'copied' | 'listed', named: string[]][] = [
  ['', '', []],
  ['({ ...process.env })', 'copied', []],
  ['Object.assign({}, process.env)', 'copied', []],
  ['Object.entries(process.env)', 'copied', []],
  ['Object.values(process.env)', 'copied', []],
  ['for (const name in process.env) process.env[name]', 'copied', []],
  ['for (const name of Object.keys(process.env)) process.env[name]', 'copied', []],
  ['JSON.stringify(process.env)', 'copied', []],
  ["new (require('node:worker_threads').Worker)('0', { eval: true })", 'copied', []],
  ["require('node:child_process').spawnSync('true')", 'copied', []],
  ["require('node:child_process').spawnSync('true', { env: {} })", '', []],
  ["require('node:child_process').execSync('true')", 'copied', []],
  ['Object.keys(process.env)', 'listed', []],
  ['for (const name in process.env) name.length', 'listed', []],
  ['Object.keys(process.env).filter((name) => /^debug_/i.test(name))', 'listed', []],
  ["for (const name in process.env) if (name === 'SHLVL') process.env[name]", 'listed', ['SHLVL']],
  ["Object.keys(process.env).filter((name) => name === '_').map((name) => process.env[name])", 'listed', ['_']],
  ["'PWD' in process.env", '', ['PWD']],
  ["'SHLVL' in process.env", '', ['SHLVL']],
  ["'SHLVL' in process.env; 'PWD' in process.env; process.env.SHLVL", '', ['PWD', 'SHLVL']],
  ['process.env.PWD', '', ['PWD']],
  ['process.env.SHLVL', '', ['SHLVL']],
  ['process.env.SHLVL; process.env.A', '', ['A', 'SHLVL']],
  ['process.env.SHLVL; process.env.A; process.env.PWD', '', ['A', 'PWD', 'SHLVL']],
  ['process.env.PWD; Object.keys(process.env)', 'listed', ['PWD']],
  ['Object.keys(process.env); process.env.PWD', 'listed', ['PWD']],
  ['({ ...process.env }); process.env.PWD', 'copied', ['PWD']],
  ['process.env.SHLVL; ({ ...process.env })', 'copied', ['SHLVL']],
  ["'SHLVL' in process.env; Object.keys(process.env)", 'listed', ['SHLVL']],
  ['process.env._; ({ ...process.env })', 'copied', ['_']],
  ['({ ...process.env }); process.env.Z', 'copied', ['Z']],
];

test('a copied environment, a listed one, and what is read by name beside that', async (t, place) => {
  // What may be the beginning of a copy is noted when it breaks off; the addon breaks it off at the end, and LAST does here.
  const variables = { SHLVL: '1', A: '', PWD: '/', 7: '', B: '', _: '/bin/x', Z: '' };
  for (const [code, whole, named] of readings) {
    const env = { ...variables, LANG: undefined };
    const [observed] = await look(
      place,
      place.write('script.cjs', `${code}; process.env.LAST; 'LAST' in process.env`),
      { env },
    );
    const notes = observed.notes();
    const found = [
      ...(of('environment', notes).length > 0 ? ['copied'] : []),
      ...(of('names', notes).length > 0 ? ['listed'] : []),
    ];
    t.strictSame(found.slice(0, 1), whole === '' ? [] : [whole], `${code}: the whole`);
    const byName = of('variable', notes).filter((name) => ['SHLVL', 'A', 'PWD', 'B', '_', 'Z'].includes(name));
    t.strictSame(byName.sort(), named, `${code}: by name`);
  }
});

test("of an empty script's looks nothing but names that Node reads for itself; an ES module asks for its directory", async (t, place) => {
  for (const [name, directory] of [
    ['empty.cjs', 0],
    ['empty.mjs', 1],
  ] as const) {
    const [observed] = await look(place, place.write(name, ''));
    const notes = observed.notes();
    t.strictSame(of('terminal', notes), [], `${name}: no terminal`);
    t.equal(of('directory', notes).length, directory, `${name}: the directory`);
    t.equal(of('environment', notes).length, 0, `${name}: not the whole environment`);
    const others = of('variable', notes).filter((one) => !/^(NODE_|OPENSSL_|ICU_|UV_|LC_|SIMDUTF_)/.test(one));
    t.strictSame(others.sort(), ['HOME', 'LANG', 'WATCH_REPORT_DEPENDENCIES'], `${name}: names`);
  }
});

test('the directory and terminals, when they are asked for', async (t, place) => {
  place.write('data', '');
  const asking: Record<string, readonly [directory: number, terminal: boolean]> = {
    '': [0, false],
    'process.cwd()': [1, false],
    "require('node:fs').readFileSync('data')": [1, false],
    "require('node:tty').isatty(7)": [0, true],
  };
  for (const [code, [directory, terminal]] of Object.entries(asking)) {
    const [observed] = await look(place, place.write('script.cjs', code));
    const notes = observed.notes();
    t.equal(of('directory', notes).length, directory, `${code}: the directory`);
    t.equal(of('terminal', notes).includes('7'), terminal, `${code}: a terminal`);
  }
});

test('neither the script nor its children have the observer in their environment', async (t, place) => {
  const data = place.write('data', '');
  const script = place.write(
    'script.cjs',
    `const { execFileSync } = require('node:child_process');
    console.log(process.env.LD_PRELOAD, 'LD_PRELOAD' in process.env, Object.keys(process.env).includes('LD_PRELOAD'));
    console.log(execFileSync('env').includes('LD_PRELOAD'));
    execFileSync('cat', ['${data}']);`,
  );
  const [observed, { stdout }] = await look(place, script);
  t.equal(stdout, 'undefined false false\nfalse\n');
  t.notOk(of('opened', observed.notes()).includes(data), 'what a child reads is not noted');
});

test("a caller's own LD_PRELOAD stays", async (t, place) => {
  const preload = `${paths.observer} ${paths.observer}`;
  const [, { stdout }] = await look(place, place.write('script.cjs', 'console.log(process.env.LD_PRELOAD)'), {
    preload,
  });
  t.equal(stdout, `${preload}\n`);
});

test('nothing is noted after the notes were closed', async (t, place) => {
  const script = place.write(
    'script.cjs',
    `const fs = require('node:fs');
    const { isatty } = require('node:tty');
    fs.readFileSync('${place.write('before', '')}');
    fs.writeSync(1, 'ready');
    fs.readSync(0, Buffer.alloc(1));
    fs.readFileSync('${place.write('after', '')}');
    fs.existsSync('${place.work}/none');
    fs.readdirSync('${place.work}');
    fs.writeFileSync('${place.work}/new', '');
    process.env.PROBE;
    isatty(7);
    process.chdir('/');
    process.cwd();
    fs.promises.readFile('${place.work}/after').then(() => fs.writeSync(1, 'done'));`,
  );
  const observed = observe(place, paths.nodeUnderTest, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  const { child, ended } = observed.running;
  await once(child.stdout as Readable, 'data');
  observed.close();
  const before = observed.notes();
  t.ok(of('opened', before).includes(`${place.work}/before`));
  child.stdin?.end('x');
  t.match(await ended, { code: 0, stdout: 'readydone', stderr: '' });
  t.same(observed.notes(), before);
});

test('a process that only inherited the variable notes nothing', async (t, place) => {
  const script = place.write('script.cjs', "require('node:fs').existsSync('data')");
  const [observed] = await look(place, script, { asChild: true });
  t.same(observed.notes(), []);
});

test('a shell script named node: what it looks at is noted, and it hands the observer on', async (t, place) => {
  place.write('version', '20');
  const manager = place.write('manager', `#!/bin/sh\nread v <version\nexec ${paths.nodeUnderTest} "$@"\n`, 0o755);
  const script = place.write('script.cjs', 'console.log(process.env.LD_PRELOAD)');
  const observed = observe(place, manager, [script]);
  t.match(await observed.running.ended, { code: 0, stdout: 'undefined\n', stderr: '' });
  has(t, place, observed, ['opened version', 'opened script.cjs']);
});

test('a script sees no difference', async (t, place) => {
  place.write('data', 'data');
  symlinkSync('data', join(place.work, 'link'));
  const script = place.write(
    'script.cjs',
    `const fs = require('node:fs');
    for (const name of ['data', 'link', 'none', 'data/none', 'x'.repeat(300), 'x/'.repeat(3000), '.', ''])
      for (const ask of ['readFileSync', 'statSync', 'lstatSync', 'readlinkSync', 'realpathSync', 'readdirSync', 'accessSync'])
        try { console.log(name.length, ask, typeof fs[ask](name)); } catch ({ message }) { console.log(message); }
    console.log(fs.readFileSync('data', 'utf8'), fs.readlinkSync('link'), fs.realpathSync.native('link'), process.cwd());
    console.log([0, 1, 2, 3, 99].map((fd) => require('node:tty').isatty(fd)));`,
  );
  const plain = await place.plain(script);
  const [, observed] = await look(place, script);
  t.equal(observed.stdout, plain.stdout);
  t.equal(observed.stderr, plain.stderr);
});
