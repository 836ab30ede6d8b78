import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, test } from '../helpers/index.js';

const { packageRoot } = paths;
const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as Record<string, unknown>;

test('the packed package works by import and by require, with types for both', async (t, place) => {
  await install(place);
  const use = 'process.stdout.write([initialisationComplete(), typeof autoreloadAlsoCheck].join());\n';
  const names = 'initialisationComplete, autoreloadAlsoCheck';
  const esm = place.write('a.mjs', `import { ${names} } from 'prefork-interp';\n${use}`);
  const commonjs = place.write('b.cjs', `const { ${names} } = require('prefork-interp');\n${use}`);
  for (const script of [esm, commonjs]) {
    t.match(await place.plain(script), { code: 0, stdout: 'false,function', stderr: '' }, script);
  }

  const typed = `import { ${names} } from 'prefork-interp';
const done: boolean = initialisationComplete({ spares: 1, idleTimeout: 60 });
// @ts-expect-error there is no such option
initialisationComplete({ spare: 1 });
autoreloadAlsoCheck(String(done));
`;
  const sources = [place.write('a.mts', typed), place.write('b.cts', typed)];
  const options = ['--noEmit', '--strict', '--module', 'nodenext'];
  const tsc = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const checked = await place.startProgram(process.execPath, [tsc, ...options, ...sources], { limitMs: 60_000 }).ended;
  t.match(checked, { code: 0, stdout: '' });
});

test('the packed package holds what runs, and no install script', async (t, place) => {
  const folder = await install(place);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of ['LICENSE', 'bin/prefork', 'bin/prefork-interp', 'dist/watcher/main.js', 'dist/index.d.ts']) {
    t.ok(files.includes(name), name);
  }
  for (const name of ['prefork-interp', 'prefork-interp-monitor', 'observer.so', 'prefork-interp.node']) {
    t.ok(files.includes(`prebuilds/linux-${process.arch}/${name}`), name);
  }
  t.notOk(files.find((name) => /tsbuildinfo|\.test\.|^(lib|native|test)\b|sanitize/.test(name)));
  for (const name of ['install', 'preinstall', 'postinstall', 'prepare'])
    t.notHas(manifest.scripts, { [name]: String });
});

test('the lock file names no registry', async (t) => {
  const lock = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { resolved?: string }>;
  };
  t.strictSame(
    Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined),
    [],
  );
});

/** Packs the package and unpacks it in the place's node_modules, as npm does. What it depends on is that of the repository. */
async function install(place: Place): Promise<string> {
  const pack = ['pack', '--ignore-scripts', '--pack-destination', place.root];
  const env = { PATH: process.env.PATH };
  const packed = await place.startProgram('npm', pack, { cwd: packageRoot, env, limitMs: 60_000 }).ended;
  if (packed.code !== 0) throw new Error(packed.stderr);
  const folder = join(place.work, 'node_modules', 'prefork-interp');
  rmSync(folder);
  mkdirSync(folder);
  const archive = join(place.root, `prefork-interp-${String(manifest.version)}.tgz`);
  await place.startProgram('/bin/tar', ['-xzf', archive, '--strip-components=1', '-C', folder]).ended;
  for (const name of ['yargs', 'chokidar']) {
    symlinkSync(join(packageRoot, 'node_modules', name), join(place.work, 'node_modules', name));
  }
  return folder;
}
