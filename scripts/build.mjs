// Builds what is missing or stale: node scripts/build.mjs [native] [lib] [test]   (native and lib when none is named)
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const steps = { native: buildNative, lib: buildLibrary, test: buildTests };

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(steps, name));
if (unknown !== undefined) fail(`no such step: ${unknown} (there are ${Object.keys(steps).join(', ')})`);
for (const name of wanted.length > 0 ? wanted : ['native', 'lib']) steps[name]();

/** Launcher, monitor, observer and addon. */
function buildNative() {
  run('make', ['-s', '-C', join(root, 'native')], 'make is needed to build the native parts, and a C compiler');
}

/** The library twice, for import and for require; lib/here.ts says why there is a file to be renamed. */
function buildLibrary() {
  compile('tsconfig.json', 'tsconfig.cjs.json');
  const commonjs = join(root, 'dist', 'cjs');
  mkdirSync(commonjs, { recursive: true });
  writeFileSync(join(commonjs, 'package.json'), '{"type":"commonjs"}\n');
  copyFileSync(join(commonjs, 'here.commonjs.js'), join(commonjs, 'here.js'));
  copyFileSync(join(commonjs, 'here.commonjs.d.ts'), join(commonjs, 'here.d.ts'));
}

/** The tests, as JavaScript in dist-test/: Node 20 runs no TypeScript, and tap's loader for it costs each test file a second. */
function buildTests() {
  compile('tsconfig.test.json');
}

function compile(...projects) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  run(process.execPath, [tsc, '--build', ...projects.map((name) => join(root, name))], 'node could not be started');
}

function run(program, args, whenMissing) {
  const { error, status, signal } = spawnSync(program, args, { stdio: 'inherit' });
  if (error) fail(error.code === 'ENOENT' ? whenMissing : `${program}: ${error.message}`);
  if (status !== 0) fail(`${program} ${args[0]} ... failed (${signal ?? `status ${status}`})`);
}

function fail(message) {
  process.stderr.write(`build: ${message}\n`);
  process.exit(1);
}
