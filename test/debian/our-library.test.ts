/** What our library does under their launcher beyond what both ways have in common. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, waitFor } from '../helpers/index.js';
import { chiarkTest } from './chiark.js';

chiarkTest('edits of modules of both kinds and of named files are seen', async (t, chiark) => {
  const { place } = chiark;
  const files = {
    'deeper/a b%.mjs': (version: number) => `export const deep = ${version};`,
    'required.cjs': (version: number) => `module.exports = ${version};`,
    'required.json': (version: number) => `${version}`,
    'named.txt': (version: number) => `${version}`,
  };
  const versions = [0, 0, 0, 0];
  Object.values(files).forEach((content, i) => {
    place.write(Object.keys(files)[i] ?? '', content(0));
  });
  place.write('imported.mjs', 'export { deep } from "./deeper/a b%25.mjs";');
  const script = place.write(
    'script.mjs',
    `import { appendFileSync, readFileSync } from 'node:fs';
     import { createRequire } from 'node:module';
     import { autoreloadAlsoCheck, initialisationComplete } from 'prefork-interp';
     import { deep } from './imported.mjs';
     const require = createRequire(import.meta.url);
     const found = [deep, require('./required.cjs'), require('./required.json'), Number(readFileSync('named.txt'))];
     autoreloadAlsoCheck('named.txt');
     appendFileSync('initialised', 'once\\n');
     initialisationComplete();
     console.log(found.join());`,
  );
  t.match(await chiark.call('theirs', script), { code: 0, stdout: '0,0,0,0\n', stderr: '' });
  for (let round = 1; round <= 2; round++) {
    for (const [i, [name, content]] of Object.entries(files).entries()) {
      versions[i] = round;
      place.write(name, content(round));
      t.match(await chiark.call('theirs', script), { code: 0, stdout: `${versions.join()}\n`, stderr: '' }, name);
    }
  }
  t.match(await chiark.call('theirs', script), { stdout: '2,2,2,2\n' });
  t.equal(chiark.initialisations(), 1 + 8);
});

chiarkTest("the first caller's other descriptors are not kept", async (t, chiark) => {
  const { place } = chiark;
  const script = place.fixture('as-told.mjs');
  const fifo = join(place.root, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const held = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    const stdio = ['ignore', 'pipe', 'pipe', held, 'ignore', held] as const;
    t.match(await chiark.call('theirs', script, ['version'], { stdio: [...stdio] }), {
      code: 0,
      stdout: '1\n',
      stderr: '',
    });
    await waitFor('a spare', () => nodes(place).length > 1);
    t.strictSame(
      nodes(place).filter((pid) => holds(pid, fifo)),
      [],
    );
  } finally {
    closeSync(held);
  }
  const command = 'exec 9>lock; flock 9; "$0" -f "$@" version';
  t.match(await chiark.shell('theirs', script, command), { code: 0, stdout: '1\n' });
  t.strictSame(
    nodes(place).filter((pid) => holds(pid, join(place.work, 'lock'))),
    [],
  );
});

chiarkTest('a later call does not read from the pipe of the first', async (t, chiark) => {
  const script = chiark.place.write(
    'reads.mjs',
    `import { readFileSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     console.log(readFileSync(process.argv[2], 'utf8'));`,
  );
  for (const call of ['one', 'two']) {
    const { code, stdout, stderr } = await chiark.shell('theirs', script, `"$0" "$@" <(echo ${call})`);
    t.equal(code, 1, call);
    t.equal(stdout, '');
    t.match(stderr, /ENOENT/, 'version 1 passes three descriptors, and it is better said than guessed');
  }
});

chiarkTest('what ends before initialisation is complete ends the call', async (t, chiark) => {
  const { place } = chiark;
  const fails = place.write('fails.mjs', "import 'prefork-interp'; throw new Error('no such luck');");
  const failed = await chiark.call('theirs', fails);
  t.match(failed.stderr, /no such luck/);
  t.not(failed.code, 0);
  const listens = place.write(
    'listens.mjs',
    `import { createServer } from 'node:net';
     import { initialisationComplete } from 'prefork-interp';
     await new Promise((resolve) => createServer().listen(0, '127.0.0.1', resolve));
     initialisationComplete();
     console.log('served');`,
  );
  const refused = await chiark.call('theirs', listens);
  t.match(refused.stderr, /^prefork-interp: cannot serve .*listens\.mjs: /, 'the reason is named');
  t.not(refused.code, 0);
  t.equal(refused.stdout, '');
});

chiarkTest('no file of ours stays in the run directory of theirs', async (t, chiark) => {
  const { place } = chiark;
  const script = place.fixture('as-told.mjs');
  t.match(await chiark.call('theirs', script, ['version']), { code: 0 });
  t.strictSame(place.servers(), []);
  t.notOk(readdirSync(join(place.root, 'run')).includes('prefork-interp-node'));
  // Their watcher holds its directory.
  const watcher = place.processes().find(({ command }) => command.startsWith('/usr/bin/prefork-interp'));
  const directory = descriptors(watcher?.pid ?? 0).find((target) => target.includes('prefork-interp/'));
  if (directory !== undefined)
    t.strictSame(
      readdirSync(directory).filter((name) => !/^[sl]/.test(name)),
      [],
    );
});

chiarkTest('a script behind a link, started by a relative name, is served', async (t, chiark) => {
  const { place } = chiark;
  const script = place.fixture('as-told.mjs');
  symlinkSync(script, join(place.work, 'link'));
  for (const call of ['cold', 'warm']) {
    const { code, stdout } = await chiark.startWith('theirs', ['-U,node', './link'], ['version']).ended;
    t.match({ code, stdout }, { code: 0, stdout: '1\n' }, call);
  }
  t.equal(chiark.initialisations(), 1);
  await place.startProgram('/usr/bin/prefork-interp', ['--kill', '-U', 'node', './link']).ended;
});

function nodes(place: Place): number[] {
  const ours = place.processes().filter(({ command }) => /^(node|prefork-interp-monitor) /.test(command));
  return ours.map(({ pid }) => pid);
}

function holds(pid: number, path: string): boolean {
  return descriptors(pid).includes(path);
}

function descriptors(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  } catch {
    return []; // it has gone, or a descriptor of it
  }
}
