// Builds what is missing or stale: node scripts/build.mjs [--arch x64|arm64] [native] [lib] [test]   (native and lib when none is named)
// For another architecture than this machine's it needs Debian's compiler for it (gcc-aarch64-linux-gnu), and fetches its musl by apt-get.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { unpackDebian } from './debian.mjs';

const root = join(import.meta.dirname, '..');
const steps = { native: buildNative, lib: buildLibrary, test: buildTests };

const { values, positionals: wanted } = readCommandLine();
const unknown = wanted.find((name) => !Object.hasOwn(steps, name));
if (unknown !== undefined) fail(`no such step: ${unknown} (there are ${Object.keys(steps).join(', ')})`);
let failed = false;
for (const name of wanted.length > 0 ? wanted : ['native', 'lib']) steps[name]();
process.exit(failed ? 1 : 0);

function readCommandLine() {
  try {
    return parseArgs({ options: { arch: { type: 'string', default: process.arch } }, allowPositionals: true });
  } catch (error) {
    return fail(error.message);
  }
}

/** Launcher, monitor, observer and addon. */
function buildNative() {
  run(
    'make',
    ['-s', '-k', '-j2', '-C', join(root, 'native'), ...forOther(values.arch)],
    'make is needed to build the native parts, and a C compiler',
  );
}

/** What make is told for another architecture. Debian has musl-gcc for the machine's own only, but that is no more than a C library and its headers. */
function forOther(arch) {
  const debian = { x64: 'amd64', arm64: 'arm64' }[arch];
  if (debian === undefined) fail(`no such architecture: ${arch} (there are x64, arm64)`);
  if (arch === process.arch) return [];
  const musl = join(root, 'native', 'build', `musl-${arch}`);
  try {
    mkdirSync(join(root, 'native', 'build'), { recursive: true });
    unpackDebian(debian, ['musl-dev'], musl);
  } catch (error) {
    process.stderr.write(`build: no musl for ${arch}: ${error.message}\n`);
    return [`ARCH=${arch}`];
  }
  return [`ARCH=${arch}`, `MUSL=${musl}`];
}

/** The library twice, for import and for require; lib/here.ts says why there is a file to be copied. */
function buildLibrary() {
  compile('tsconfig.json', 'tsconfig.cjs.json');
  const commonjs = join(root, 'dist', 'cjs');
  if (!existsSync(commonjs)) return;
  put(join(commonjs, 'package.json'), '{"type":"commonjs"}\n');
  put(join(commonjs, 'here.js'), readFileSync(join(commonjs, 'here.commonjs.js'), 'utf8'));
  put(join(commonjs, 'here.d.ts'), readFileSync(join(commonjs, 'here.commonjs.d.ts'), 'utf8'));
}

/** Only where it differs, and whole at once: servers that run from here would take a rewritten file for an edit. */
function put(path, content) {
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

/** The tests as JavaScript, in dist-test/: Node 20 runs no TypeScript, and a loader for it costs every test file more. */
function buildTests() {
  compile('tsconfig.test.json');
}

function compile(...projects) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(tsc)) fail('run npm ci first');
  run(process.execPath, [tsc, '--build', ...projects.map((name) => join(root, name))], 'node could not be started');
}

/** After a failure the other steps are still tried: each says what is wrong with its own part. */
function run(program, args, whenMissing) {
  const { error, status, signal } = spawnSync(program, args, { stdio: 'inherit' });
  if (error) fail(error.code === 'ENOENT' ? whenMissing : `${program}: ${error.message}`);
  if (status === 0) return;
  process.stderr.write(
    `build: ${basename(program)} failed in ${basename(args.at(-1))} (${signal ?? `status ${status}`})\n`,
  );
  failed = true;
}

function fail(message) {
  process.stderr.write(`build: ${message}\n`);
  process.exit(1);
}
