import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tap from 'tap';
import { type Place, paths, test as plainTest, type Result, waitFor } from '../helpers/index.js';
import { needs } from './needs.js';

const LIMIT_MS = 60_000;
const LIBRARY = 'usr/lib/prefork-interp';

const folder = mkdtempSync(join(tmpdir(), 'pf-deb-'));
tap.teardown(() => rmSync(folder, { recursive: true }));
const built = spawnSync(process.execPath, ['packaging/build-deb.mjs', folder], {
  cwd: paths.packageRoot,
  encoding: 'utf8',
});
const deb = built.stdout.trim();

function test(name: string, body: Parameters<typeof plainTest>[1]): void {
  plainTest(name, body, { skip: needs('dpkg-deb', 'dpkg', 'musl-gcc', 'readelf') });
}

test('one command makes the Debian package', async (t, place) => {
  t.match(built, { status: 0, stderr: '' });
  t.match(deb, /\/prefork-interp_\d+\.\d+\.\d+_(amd64|arm64)\.deb$/);
  const control = await ok(place, 'dpkg-deb', ['-I', deb]);
  for (const line of [/^ Package: prefork-interp$/m, /^ Depends: libc6 \(>= 2\.28\)$/m, /preinst/, /postrm/])
    t.match(control, line);
  const listed = (await ok(place, 'dpkg-deb', ['-c', deb])).trim().split('\n');
  for (const line of listed) t.match(line, /^[-dl](rwxr-xr-x|rw-r--r--|rwxrwxrwx) root\/root /);
  const expected: [name: string, mode: string][] = [
    ['./usr/bin/prefork-interp', '-rwxr-xr-x'],
    ['./usr/bin/prefork -> ../lib/prefork-interp/bin/prefork', 'lrwxrwxrwx'],
    [`./${LIBRARY}/prebuilds/linux-${process.arch}/observer.so`, '-rw-r--r--'],
    [`./${LIBRARY}/dist/watcher/main.js`, '-rw-r--r--'],
    [`./${LIBRARY}/node_modules/chokidar/package.json`, '-rw-r--r--'],
    ['./usr/share/doc/prefork-interp/copyright', '-rw-r--r--'],
  ];
  for (const [name, mode] of expected)
    t.ok(
      listed.some((line) => line.startsWith(mode) && line.endsWith(` ${name}`)),
      name,
    );
  t.notOk(listed.find((line) => /node_modules\/(typescript|tap|@)|\.\/(etc|usr\/local|tmp)/.test(line)));
});

test('its launcher runs scripts with its own observer and watcher, and its library can be imported', async (t, place) => {
  const root = join(place.root, 'system');
  await ok(place, 'dpkg-deb', ['-x', deb, root]);
  const launcher = join(root, 'usr/bin/prefork-interp');
  const source = readFileSync(join(paths.fixtures, 'tells-its-start.mjs'), 'utf8');
  const [, ...rest] = source.split('\n');
  const text = [`#!${launcher} -U node`, ...rest].join('\n');
  const own = `'${join(root, LIBRARY, 'dist/index.js')}'`;
  const scripts = {
    "the project's library": place.write('a.mjs', text, 0o755),
    "the Debian package's library": place.write('b.mjs', text.replace(/'prefork-interp'/, own), 0o755),
  };
  for (const [name, script] of Object.entries(scripts)) {
    const cold = await place.startProgram(script, []).ended;
    const warm = await place.startProgram(script, []).ended;
    for (const { code, stderr } of [cold, warm]) t.match({ code, stderr }, { code: 0, stderr: '' }, name);
    t.match(JSON.parse(cold.stdout), { forked: true }, name);
    t.equal(warm.stdout, cold.stdout, name);
    const main = join(root, LIBRARY, 'dist/watcher/main.js');
    await waitFor('its watcher', () => place.processes().some(({ command }) => command.includes(main)));
  }
  const listed = await ok(place, join(root, 'usr/bin/prefork'), ['ls']);
  t.match(listed, /a\.mjs\n(.|\n)*b\.mjs|b\.mjs\n(.|\n)*a\.mjs/);
  await ok(place, join(root, 'usr/bin/prefork'), ['stop', '--all']);
});

test("it lies beside chiark's launcher, through an upgrade of it, and gives the name back", async (t, place) => {
  const dpkg = scratchSystem(place);
  const launcher = join(place.root, 'system/usr/bin/prefork-interp');
  const moved = `${launcher}.chiark`;
  const ours = (path: string) => existsSync(path) && statSync(path).size > 100_000;

  await dpkg('-i', await chiark(place, 1));
  t.equal(readFileSync(launcher, 'utf8'), 'chiark 1\n');
  await dpkg('-i', deb);
  t.ok(ours(launcher));
  t.equal(readFileSync(moved, 'utf8'), 'chiark 1\n');
  await dpkg('-i', deb);
  await dpkg('-i', await chiark(place, 2));
  t.ok(ours(launcher), "an upgrade of chiark's goes beside");
  t.equal(readFileSync(moved, 'utf8'), 'chiark 2\n');
  await dpkg('-r', 'prefork-interp');
  t.equal(readFileSync(launcher, 'utf8'), 'chiark 2\n');
  t.notOk(existsSync(moved));
  t.notOk(existsSync(join(place.root, 'system', LIBRARY)));

  await dpkg('-i', deb);
  await dpkg('-r', 'chiark-utils-bin');
  t.ok(ours(launcher), 'it does not need the other');
  await dpkg('-P', 'prefork-interp');
  t.notOk(existsSync(launcher));
  t.notMatch(readFileSync(join(place.root, 'system/var/lib/dpkg/diversions'), 'utf8'), /prefork/);
});

async function ok(
  place: Place,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { code, stdout, stderr }: Result = await place.startProgram(program, args, { env, limitMs: LIMIT_MS }).ended;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${code} ${stdout}${stderr}`);
  return stdout;
}

/** dpkg with a root of its own, in which maintainer scripts run as they are, without a shell or tools in there. */
function scratchSystem(place: Place): (...args: string[]) => Promise<string> {
  const root = join(place.root, 'system');
  mkdirSync(join(root, 'var/lib/dpkg/updates'), { recursive: true });
  mkdirSync(join(root, 'var/lib/dpkg/info'));
  for (const name of ['status', 'available', 'diversions']) writeFileSync(join(root, 'var/lib/dpkg', name), '');
  const force = ['--force-script-chrootless', '--force-depends', '--force-unsafe-io'];
  const asRoot = process.geteuid?.() === 0 ? [] : ['unshare', '--map-root-user'];
  const env = { PATH: '/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin' };
  return (...args) => {
    const [program = 'dpkg', ...rest] = [...asRoot, 'dpkg', `--root=${root}`, `--log=${root}/log`, ...force, ...args];
    return ok(place, program, rest, env);
  };
}

/** A package that stands for chiark's: of its name, with a file of the same path. */
async function chiark(place: Place, version: number): Promise<string> {
  const tree = join(place.root, `chiark-${version}`);
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  for (const directory of ['', 'DEBIAN', 'usr', 'usr/bin']) chmodSync(join(tree, directory), 0o755);
  writeFileSync(join(tree, 'usr/bin/prefork-interp'), `chiark ${version}\n`, { mode: 0o755 });
  writeFileSync(
    join(tree, 'DEBIAN/control'),
    `Package: chiark-utils-bin\nVersion: ${version}\nArchitecture: all\nMaintainer: T <t@localhost>\nDescription: stands for it\n`,
  );
  const file = `${tree}.deb`;
  await ok(place, 'dpkg-deb', ['--root-owner-group', '--build', tree, file]);
  return file;
}
