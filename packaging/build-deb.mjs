// Makes the Debian package of what has been built: node packaging/build-deb.mjs [FOLDER]   (npm run build:deb builds first)
// It holds what npm's tarball holds, with what that depends on, in /usr/lib/prefork-interp; launcher and management command are in
// /usr/bin. docs/installing.md says how it lies beside chiark's.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { faultsOf } from './check.mjs';

const root = join(import.meta.dirname, '..');
const NAME = 'prefork-interp';
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };
const machine = `linux-${process.arch}`;
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const destination = resolve(process.argv[2] ?? root);

const scratch = mkdtempSync(join(tmpdir(), 'prefork-interp-deb-'));
try {
  const tree = join(scratch, 'tree');
  const library = join(tree, 'usr/lib', NAME);
  unpackTarball(library);
  refuseFaults(join(library, 'prebuilds'));
  moveLauncher(tree, library);
  copyDependencies(library);
  writeDocuments(tree, library);
  normaliseModes(tree);
  writeControl(tree);
  const file = join(destination, `${NAME}_${manifest.version}_${architecture()}.deb`);
  run('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', tree, file]);
  process.stdout.write(`${file}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** npm decides what belongs to the package, by `files` in package.json. */
function unpackTarball(library) {
  const packed = run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', scratch]);
  mkdirSync(library, { recursive: true });
  run('tar', ['-xzf', join(scratch, packed.trim()), '--strip-components=1', '--no-same-owner', '-C', library]);
}

function refuseFaults(prebuilds) {
  const faults = faultsOf(prebuilds);
  if (faults.length > 0) fail(faults.join('; '));
}

/** The launcher lies in /usr/bin, where `#!` names it. Of machines, a Debian package is for one. */
function moveLauncher(tree, library) {
  const bin = join(tree, 'usr/bin');
  const prebuilds = join(library, 'prebuilds');
  for (const name of readdirSync(prebuilds)) if (name !== machine) rmSync(join(prebuilds, name), { recursive: true });
  mkdirSync(bin);
  renameSync(join(prebuilds, machine, NAME), join(bin, NAME));
  symlinkSync(`../../../../bin/${NAME}`, join(prebuilds, machine, NAME));
  rmSync(join(library, 'bin', NAME));
  symlinkSync(`../lib/${NAME}/bin/prefork`, join(bin, 'prefork'));
}

/** What package-lock.json names without `dev` is what a user's npm would install. */
function copyDependencies(library) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [path, { dev, devOptional, optional }] of Object.entries(packages)) {
    if (path === '' || dev || devOptional || optional) continue;
    if (!existsSync(join(root, path))) fail(`${path} is missing: run npm ci first`);
    const isOwn = (source) => basename(source) !== 'node_modules' || !source.startsWith(join(root, path));
    cpSync(join(root, path), join(library, path), { recursive: true, filter: isOwn });
  }
}

function writeDocuments(tree, library) {
  const documents = join(tree, 'usr/share/doc', NAME);
  mkdirSync(documents, { recursive: true });
  const licences = dependencyLicences(library);
  writeFileSync(join(documents, 'copyright'), `${readFileSync(join(library, 'LICENSE'), 'utf8')}\n${licences}`);
  renameSync(join(library, 'README.md'), join(documents, 'README.md'));
  rmSync(join(library, 'LICENSE'));
  cpSync(join(library, 'docs'), documents, { recursive: true });
  rmSync(join(library, 'docs'), { recursive: true });
  const manuals = join(tree, 'usr/share/man/man1');
  for (const name of readdirSync(documents, { recursive: true }).filter((path) => path.endsWith('.1'))) {
    const source = join(documents, name);
    mkdirSync(manuals, { recursive: true });
    writeFileSync(join(manuals, `${basename(name)}.gz`), gzipSync(readFileSync(source), { level: 9 }));
    rmSync(source);
  }
}

/** Their licences lie beside them; the copyright file of a Debian package says which they are. */
function dependencyLicences(library) {
  const modules = join(library, 'node_modules');
  const manifests = readdirSync(modules, { recursive: true })
    .filter((name) => /(^|node_modules\/)(@[^/]+\/)?[^/]+\/package\.json$/.test(name))
    .map((name) => [dirname(name), JSON.parse(readFileSync(join(modules, name), 'utf8'))])
    .filter(([, { name, version }]) => name !== undefined && version !== undefined);
  const lines = manifests.map(([path, { version, license }]) => `  ${path} ${version}: ${license}\n`);
  return `It holds, with their licences in /usr/lib/${NAME}/node_modules:\n${lines.sort().join('')}`;
}

/** As everywhere in Debian, whatever the umask here. */
function normaliseModes(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) normaliseModes(path);
    else if (entry.isFile()) chmodSync(path, isProgram(path) ? 0o755 : 0o644);
  }
}

/** A linker marks libraries as executable, too. */
function isProgram(path) {
  return (statSync(path).mode & 0o100) !== 0 && !/\.(so|node)$/.test(path);
}

function writeControl(tree) {
  const control = join(tree, 'DEBIAN');
  const size = run('du', ['-sk', '--apparent-size', join(tree, 'usr')]).split('\t')[0];
  mkdirSync(control, { mode: 0o755 });
  chmodSync(control, 0o755);
  const maintainer = `${process.env.DEBFULLNAME ?? 'The authors of prefork-interp'} <${process.env.DEBEMAIL ?? 'nobody@localhost'}>`;
  writeFileSync(
    join(control, 'control'),
    `Package: ${NAME}
Version: ${manifest.version}
Architecture: ${architecture()}
Maintainer: ${maintainer}
Installed-Size: ${size}
Depends: libc6 (>= 2.28)
Recommends: nodejs (>= 20.19)
Section: utils
Priority: optional
Description: start Node scripts as fast as native programs
 A script that begins with "#!/usr/bin/prefork-interp -U node" is imported
 once; every later run is a fork of the process that did so.
 .
 The launcher takes the place of the one in chiark-utils-bin, which stays
 installed as /usr/bin/prefork-interp.chiark. It serves Perl scripts that were
 written for that one, too.
`,
  );
  for (const name of ['preinst', 'postrm']) {
    cpSync(join(import.meta.dirname, 'debian', name), join(control, name));
    chmodSync(join(control, name), 0o755);
  }
}

function architecture() {
  return ARCHITECTURES[process.arch] ?? fail(`there is no launcher for ${process.arch}`);
}

function run(program, args) {
  const { error, status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  if (error) fail(`${program}: ${error.message}`);
  if (status !== 0) fail(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}

function fail(message) {
  process.stderr.write(`build-deb: ${message}\n`);
  rmSync(scratch, { recursive: true, force: true });
  process.exit(1);
}
