import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, test, waitFor } from '../helpers/index.js';
import { needs } from './needs.js';
import { watchesItself } from './watches.js';

const check = join(paths.packageRoot, 'packaging', 'check.mjs');
const MACHINE = `linux-${process.arch}`;

test(
  'what has been built runs on other machines: static, and with nothing newer than glibc 2.28',
  async (t, place) => {
    t.match(await place.startProgram(process.execPath, [check]).ended, { code: 0, stderr: '' });
  },
  { skip: needs('musl-gcc', 'readelf') },
);

const faults: [name: string, spoil: (place: Place, prebuilds: string) => Promise<void> | void, fault: RegExp][] = [
  [
    'a dynamic program',
    async (place, prebuilds) => {
      const source = place.write('main.c', 'int main(void) { return 0; }');
      await place.startProgram('cc', ['-o', join(prebuilds, MACHINE, 'prefork-interp'), source]).ended;
    },
    /prefork-interp is not static/,
  ],
  [
    'a program with a static glibc',
    async (place, prebuilds) => {
      const source = place.write('main.c', 'int main(void) { return 0; }');
      await place.startProgram('cc', ['-static', '-o', join(prebuilds, MACHINE, 'prefork-interp-monitor'), source])
        .ended;
    },
    /prefork-interp-monitor is glibc's, which starts slower/,
  ],
  [
    'debug information',
    async (place, prebuilds) => {
      const source = place.write('main.c', 'int main(void) { return 0; }');
      const target = join(prebuilds, MACHINE, 'prefork-interp');
      await place.startProgram('musl-gcc', ['-static', '-g', '-o', target, source]).ended;
    },
    /prefork-interp has debug information/,
  ],
  [
    'a library that needs the glibc of this day',
    async (place, prebuilds) => {
      const source = place.write(
        'new.c',
        '__asm__(".symver new, new@GLIBC_2.99"); void new(void); void f(void) { new(); }',
      );
      const stub = place.write('stub.c', 'void new(void) {}');
      const map = place.write('stub.map', 'GLIBC_2.99 { global: new; };');
      const library = join(place.work, 'libstub.so');
      await place.startProgram('cc', ['-shared', '-fPIC', `-Wl,--version-script=${map}`, '-o', library, stub]).ended;
      const target = join(prebuilds, MACHINE, 'observer.so');
      rmSync(target);
      await place.startProgram('cc', ['-shared', '-fPIC', '-o', target, source, library]).ended;
    },
    /observer\.so needs new of GLIBC_2\.99/,
  ],
  ['a missing file', (_, prebuilds) => rmSync(join(prebuilds, MACHINE, 'prefork-interp.node')), /\.node is missing/],
  [
    'what is no machine',
    (_, prebuilds) => mkdirSync(join(prebuilds, 'linux-x64-old')),
    /linux-x64-old is not the name of a machine/,
  ],
  [
    'a musl build without its libraries',
    (_, prebuilds) => mkdirSync(join(prebuilds, `${MACHINE}-musl`)),
    /-musl\/observer\.so is missing/,
  ],
  ['no build', (_, prebuilds) => rmSync(join(prebuilds, MACHINE), { recursive: true }), /there is no build in/],
];
for (const [name, spoil, fault] of faults) {
  test(
    `${name} is not published`,
    async (t, place) => {
      const prebuilds = join(place.work, 'prebuilds');
      mkdirSync(join(prebuilds, MACHINE), { recursive: true });
      for (const file of ['prefork-interp', 'prefork-interp-monitor', 'observer.so', 'prefork-interp.node'])
        copyFileSync(join(paths.packageRoot, 'prebuilds', MACHINE, file), join(prebuilds, MACHINE, file));
      await spoil(place, prebuilds);
      const script = `import { faultsOf } from ${JSON.stringify(check)}; console.log(faultsOf(${JSON.stringify(prebuilds)}).join('\\n'));`;
      const { code, stdout } = await place.startProgram(process.execPath, ['--input-type=module', '-e', script]).ended;
      t.equal(code, 0);
      t.match(stdout, fault);
      t.equal(stdout.trim().split('\n').length, name.includes('without its') ? 2 : 1, stdout);
    },
    { skip: needs('musl-gcc', 'readelf') },
  );
}

test('a Node for musl loads the addon that is built for musl, and the monitor that serves both', async (t, place) => {
  // That a library of such a name is mapped is all that tells. Node unloads what is no addon, unless it may not be.
  const loader = join(place.work, 'ld-musl-x86_64.so.1');
  const source = place.write('empty.c', '');
  await place.startProgram('cc', ['-shared', '-Wl,-z,nodelete', '-o', loader, source]).ended;
  const addon = JSON.stringify(join(paths.packageRoot, 'dist', 'addon.js'));
  const load = `import { loadAddon, programDirectory } from ${addon};
if (process.argv[1]) try { process.dlopen({ exports: {} }, process.argv[1]); } catch {}
try { loadAddon(); console.log('loaded'); } catch (error) { console.log(error.message.split('\\n')[0]); }
console.log(programDirectory());`;
  const args = ['--input-type=module', '-e', load, '--'];
  const programs = join(paths.packageRoot, 'prebuilds', MACHINE);
  const here = await place.startProgram(process.execPath, args).ended;
  t.equal(here.stdout, `loaded\n${programs}\n`);
  const there = await place.startProgram(process.execPath, [...args, loader]).ended;
  t.equal(
    there.stdout,
    `ENOENT: no such file or directory, open '${programs}-musl/prefork-interp.node'\n${programs}\n`,
  );
});

test('a launcher elsewhere takes nothing that lies two folders above for its package', async (t, place) => {
  const mark = join(place.root, 'mark');
  const bin = join(place.root, 'opt', 'bin');
  mkdirSync(join(place.root, 'dist', 'watcher'), { recursive: true });
  writeFileSync(
    join(place.root, 'dist/watcher/main.js'),
    `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`,
  );
  mkdirSync(bin, { recursive: true });
  for (const name of ['prefork-interp', 'observer.so'])
    copyFileSync(join(paths.packageRoot, 'prebuilds', MACHINE, name), join(bin, name));
  const script = place.fixture('tells-its-start.mjs');
  const { stderr } = await place.startProgram(join(bin, 'prefork-interp'), ['-U', 'node', script]).ended;
  const expected = join(place.root, 'opt', 'lib/prefork-interp/prebuilds', MACHINE, 'observer.so');
  t.match(stderr, `plainly: edits could not be noticed, as ${expected} is missing`);

  mkdirSync(join(expected, '..'), { recursive: true });
  renameSync(join(bin, 'observer.so'), expected);
  const run = await place.startProgram(join(bin, 'prefork-interp'), ['-U', 'node', script]).ended;
  t.match(run, { code: 0, stderr: '', stdout: /"forked":true/ });
  await waitFor('its own watcher', () => watchesItself(place));
  await place.startProgram(join(bin, 'prefork-interp'), ['--kill', '-U', 'node', script]).ended;
  t.throws(() => rmSync(mark), { code: 'ENOENT' });
});
