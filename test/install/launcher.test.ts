import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { choosePrefix } from '../../dist/cli/installation.js';
import { LIMIT_MS, type Place, paths, prefork, test, waitFor } from '../helpers/index.js';
import { needs } from './needs.js';
import { watchesItself } from './watches.js';

const MACHINE = `linux-${process.arch}`;
const FOLDER = 'lib/prefork-interp';

test('install puts a launcher where #! can name it, and uninstall takes all of it away', async (t, place) => {
  const prefix = join(place.root, 'prefix');
  const installed = await prefork(place, ['install', '--prefix', prefix]);
  const launcher = join(prefix, 'bin', 'prefork-interp');
  t.match(installed, { code: 0, stderr: '' });
  const [said, line] = installed.stdout.split('\n');
  t.match(said, `installed ${launcher} `);
  t.equal(line, `#!${launcher} -U node`);
  t.equal(statSync(launcher).mode & 0o7777, 0o755);

  const [cold, warm] = await twice(place, script(place, line ?? ''));
  t.match(cold, { forked: true });
  t.strictSame(warm, cold);

  t.match(await prefork(place, ['install', '--prefix', prefix]), { code: 0, stdout: installed.stdout }, 'again');
  t.match(await prefork(place, ['uninstall', '--prefix', prefix]), {
    code: 0,
    stdout: `removed ${launcher}\n`,
    stderr: '',
  });
  t.strictSame(readdirSync(prefix, { recursive: true }).sort(), ['bin', 'lib']);
  const nothing = { code: 1, stdout: '', stderr: `prefork: nothing is installed in ${prefix}\n` };
  t.match(await prefork(place, ['uninstall', '--prefix', prefix]), nothing);
});

test('without --prefix it goes to ~/.local, and with root to /usr/local', async (t) => {
  const { geteuid } = process;
  t.teardown(() => Object.assign(process, { geteuid }));
  process.geteuid = () => 1000;
  t.equal(choosePrefix(undefined), join(homedir(), '.local'));
  process.geteuid = () => 0;
  t.equal(choosePrefix(undefined), '/usr/local');
  t.equal(choosePrefix('here'), join(process.cwd(), 'here'));
});

const inTheWay: [name: string, arrange: (place: Place, path: string) => void, line: RegExp][] = [
  ['a file', (_, path) => writeFileSync(path, 'other'), /there is one that this command has not put there/],
  ['a directory', (_, path) => mkdirSync(path), /there is one that this command has not put there/],
  ['a dangling link', (_, path) => symlinkSync('/nowhere', path), /there is a link to \/nowhere/],
  [
    "npm's own link",
    (_, path) => symlinkSync(join(paths.packageRoot, 'bin', 'prefork-interp'), path),
    /npm has put a link there, which #! can name as it is/,
  ],
];
for (const [name, arrange, line] of inTheWay) {
  test(`install leaves ${name} that is in its way alone`, async (t, place) => {
    const bin = join(place.root, 'prefix', 'bin');
    mkdirSync(bin, { recursive: true });
    arrange(place, join(bin, 'prefork-interp'));
    const { code, stdout, stderr } = await prefork(place, ['install', '--prefix', dirname(bin)]);
    t.equal(code, 1);
    t.equal(stdout, '');
    t.match(stderr, line);
    t.equal(stderr.split('\n').length, 2, 'one line');
    t.strictSame(readdirSync(dirname(bin), { recursive: true }), ['bin', 'bin/prefork-interp']);
  });
}

test('a launcher that has changed since is neither replaced nor removed', async (t, place) => {
  const prefix = await install(place);
  const launcher = join(prefix, 'bin', 'prefork-interp');
  writeFileSync(launcher, '#!/bin/sh\n');
  t.match(await prefork(place, ['install', '--prefix', prefix]), { code: 1, stdout: '', stderr: /cannot install/ });
  t.match(await prefork(place, ['uninstall', '--prefix', prefix]), {
    code: 1,
    stdout: '',
    stderr: /has changed since/,
  });
  t.equal(readFileSync(launcher, 'utf8'), '#!/bin/sh\n');
  t.notOk(existsSync(join(prefix, FOLDER)));
});

test('an older version is replaced, and what it alone had installed is removed', async (t, place) => {
  const prefix = await install(place);
  const record = join(prefix, FOLDER, 'installed.json');
  const old = join(prefix, FOLDER, 'prebuilds', 'linux-old', 'observer.so');
  mkdirSync(dirname(old), { recursive: true });
  const launcher = join(prefix, 'bin', 'prefork-interp');
  for (const path of [launcher, old]) writeFileSync(path, 'abc');
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  const { version, files } = JSON.parse(readFileSync(record, 'utf8')) as { version: string; files: object };
  const added = { 'bin/prefork-interp': digest, [`${FOLDER}/prebuilds/linux-old/observer.so`]: digest };
  writeFileSync(record, JSON.stringify({ version, files: { ...files, ...added } }));

  t.match(await prefork(place, ['install', '--prefix', prefix]), { code: 0, stderr: '' });
  t.notOk(existsSync(old));
  t.strictSame(readFileSync(launcher), readFileSync(paths.launcher));
});

test('a forged record removes nothing outside of what install may put there', async (t, place) => {
  const prefix = await install(place);
  const precious = join(place.root, 'precious');
  writeFileSync(precious, 'abc');
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  for (const path of ['../precious', `${FOLDER}/../../../precious`]) {
    writeFileSync(join(prefix, FOLDER, 'installed.json'), JSON.stringify({ version: '1', files: { [path]: digest } }));
    t.match(await prefork(place, ['uninstall', '--prefix', prefix]), {
      code: 1,
      stdout: '',
      stderr: /nothing is installed/,
    });
  }
  t.ok(existsSync(precious));
});

test('wrong usage, and a prefix that cannot be written to, are one line each', async (t, place) => {
  const file = place.write('file', '');
  const cases: [args: string[], code: number, line: RegExp][] = [
    [['install', '--prefix'], 2, /--prefix needs a directory/],
    [['install', '--prefix', ''], 2, /--prefix needs a directory/],
    [['install', 'there'], 2, /Unknown argument: there/],
    [['install', '--prefix', file], 1, /cannot install: ENOTDIR/],
    [['uninstall', '--prefix', file], 1, /nothing is installed in/],
  ];
  for (const [args, expected, line] of cases) {
    const { code, stdout, stderr } = await prefork(place, args);
    t.match({ code, stdout, stderr }, { code: expected, stdout: '', stderr: line }, args.join(' '));
    t.equal(stderr.split('\n').length, 2, 'one line');
  }
});

test('where a path cannot stand after #! the line goes through env', async (t, place) => {
  for (const name of ['with blank', 'long'.repeat(60)]) {
    const prefix = join(place.root, name);
    const { code, stdout, stderr } = await prefork(place, ['install', '--prefix', prefix]);
    t.equal(code, 0);
    const line = stdout.split('\n')[1] ?? '';
    t.equal(line, '#!/usr/bin/env -S prefork-interp -U node');
    t.match(stderr, `have ${prefix}/bin in PATH`);
    const env = { PATH: `${prefix}/bin:${place.env.PATH}` };
    const [cold, warm] = await twice(place, script(place, line), env);
    t.match(cold, { forked: true });
    t.strictSame(warm, cold);
    for (const server of place.servers()) process.kill(server.pid, 'SIGKILL');
  }
});

test('an installed launcher runs the watcher of its package, and its own where the package is gone', async (t, place) => {
  const packageRoot = join(place.root, 'package');
  const prefix = await install(place, copyPackage(packageRoot));
  const line = `#!${prefix}/bin/prefork-interp -U node`;
  t.equal(readFileSync(join(prefix, FOLDER, 'package'), 'utf8'), `${packageRoot}\n`);

  await twice(place, script(place, line));
  await waitFor('the watcher of the package', () => watchers(place).some((one) => one.includes(`${packageRoot}/dist`)));
  await endServers(place);

  for (const change of ['moved', 'removed'] as const) {
    if (change === 'moved') renameSync(packageRoot, `${packageRoot}-moved`);
    else rmSync(`${packageRoot}-moved`, { recursive: true });
    const edited = script(place, line);
    const [cold, warm] = await twice(place, edited);
    t.match(cold, { forked: true }, change);
    t.strictSame(warm, cold);
    writeFileSync(edited, `${readFileSync(edited, 'utf8')}// edited\n`);
    const after = await tell(place, edited);
    t.match(after, { forked: true });
    t.not(after.importedBy, cold?.importedBy, 'an edit is noticed');
    t.strictSame(
      watchers(place).filter((one) => one.includes('dist/watcher')),
      [],
    );
    await endServers(place);
  }
});

test('a package that others could exchange is not pointed to', async (t, place) => {
  const packageRoot = copyPackage(join(place.root, 'package'));
  const spoiled: [name: string, spoil: () => void][] = [['writable for all', () => chmodSync(packageRoot, 0o777)]];
  if (process.geteuid?.() === 0) {
    spoiled.push([
      "another user's",
      () => {
        chmodSync(packageRoot, 0o755);
        chownSync(packageRoot, 65534, 65534);
      },
    ]);
  }
  const pointer = join(await install(place, packageRoot), FOLDER, 'package');
  t.ok(existsSync(pointer));
  for (const [name, spoil] of spoiled) {
    spoil();
    await install(place, packageRoot);
    t.notOk(existsSync(pointer), name);
  }
});

test('what others could have written is not run as the watcher', async (t, place) => {
  const evil = join(place.root, 'evil');
  const mark = join(place.root, 'mark');
  const program = join(evil, 'dist', 'watcher', 'main.js');
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(program, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`);
  const prefix = await install(place);
  const pointer = join(prefix, FOLDER, 'package');
  const line = `#!${prefix}/bin/prefork-interp -U node`;
  const write = (path: string, mode = 0o644, owner = process.geteuid?.() ?? 0) => {
    rmSync(pointer, { force: true });
    writeFileSync(pointer, `${path}\n`);
    chownSync(pointer, owner, owner);
    chmodSync(pointer, mode);
  };
  const elsewhere = join(place.root, 'elsewhere');
  writeFileSync(elsewhere, `${evil}\n`);
  const pointers: Record<string, () => void> = {
    relative: () => write('evil'),
    'writable for others': () => write(evil, 0o666),
    'a link': () => {
      rmSync(pointer);
      symlinkSync(elsewhere, pointer);
    },
  };
  if (process.geteuid?.() === 0) {
    pointers["another user's"] = () => write(evil, 0o644, 65534);
    pointers["to another user's program"] = () => {
      write(evil);
      chownSync(program, 65534, 65534);
    };
  }
  write(evil);
  await twice(place, script(place, line));
  await waitFor('a program that may be run', () => existsSync(mark));
  await endServers(place);
  rmSync(mark);
  for (const [name, point] of Object.entries(pointers)) {
    point();
    await twice(place, script(place, line));
    await waitFor('the watcher that is part of the launcher', () => watchesItself(place));
    t.notOk(existsSync(mark), name);
    await endServers(place);
  }
});

test('without its observer a launcher runs scripts plainly, with a line, but serves from a server that runs', async (t, place) => {
  const prefix = await install(place);
  const observer = join(prefix, FOLDER, 'prebuilds', MACHINE, 'observer.so');
  const path = script(place, `#!${prefix}/bin/prefork-interp -U node`);
  const [cold] = await twice(place, path);
  rmSync(observer);
  t.strictSame(await tell(place, path), cold);
  await endServers(place);
  const { code, stdout, stderr } = await place.startProgram(path, []).ended;
  t.equal(code, 0);
  t.match(JSON.parse(stdout), { forked: false });
  t.equal(stderr, `prefork-interp: running ${path} plainly: edits could not be noticed, as ${observer} is missing\n`);
  t.strictSame(place.sockets(), []);
});

test(
  'a musl Node is given the observer that is built for musl',
  async (t, place) => {
    const prefix = await install(place);
    const program = join(place.root, 'bin', 'node-musl');
    const source = place.write('node.c', PRINTS_PRELOAD);
    const made = await place.startProgram('musl-gcc', ['-o', program, source]).ended;
    t.match(made, { code: 0, stderr: '' }, 'musl-tools is needed, as in CI');
    const observer = join(prefix, FOLDER, 'prebuilds', `${MACHINE}-musl`, 'observer.so');
    const path = place.write('a.mjs', '');
    const args = ['-U', program, path];
    const launcher = join(prefix, 'bin', 'prefork-interp');
    const without = await place.startProgram(launcher, args).ended;
    t.equal(without.stderr, 'LD_PRELOAD is not set\n', 'nothing is said where there is no build for musl');
    const debug = { env: { PREFORK_INTERP_DEBUG: '1' } };
    const said = await place.startProgram(launcher, args, debug).ended;
    t.match(said.stderr, `running ${path} plainly: this package was not built for the machine or the C library of`);

    mkdirSync(dirname(observer));
    const incomplete = await place.startProgram(launcher, args).ended;
    t.match(incomplete.stderr, `running ${path} plainly: edits could not be noticed, as ${observer} is missing`);
    const empty = place.write('empty.c', '');
    await place.startProgram('musl-gcc', ['-shared', '-fPIC', '-o', observer, empty]).ended;
    const told = await place.startProgram(join(prefix, 'bin', 'prefork-interp'), args).ended;
    t.match(told.stderr, `LD_PRELOAD is ${observer}\n`);
  },
  { skip: needs('musl-gcc') },
);

const strangers: [name: string, compile: string[], patch?: (elf: Buffer) => void][] = [
  ['for another machine', [], (elf) => elf.writeUInt16LE(243, 18)], // RISC-V's number
  ['of 32 bits', [], (elf) => elf.writeUInt8(1, 4)],
  ["with Android's loader", ['-Wl,--dynamic-linker=/system/bin/linker64']],
];
for (const [name, compile, patch] of strangers) {
  test(`a Node ${name} gets no observer, and nothing is said`, async (t, place) => {
    const program = join(place.root, 'bin', 'node-strange');
    await place.startProgram('cc', [...compile, '-o', program, place.write('node.c', PRINTS_PRELOAD)]).ended;
    const elf = readFileSync(program);
    patch?.(elf);
    writeFileSync(program, elf);
    const env = { PREFORK_INTERP_DEBUG: '1' };
    const { stderr } = await place.call(['-U', program, place.write('a.mjs', '')], { env });
    t.match(stderr, /plainly: this package was not built for the machine or the C library of its interpreter\n/);
    t.notMatch(stderr, 'starting a server');
  });
}

const PRINTS_PRELOAD = `#include <stdio.h>
#include <stdlib.h>
int main(void) {
    const char *preload = getenv("LD_PRELOAD");
    fprintf(stderr, "LD_PRELOAD is %s\\n", preload ? preload : "not set");
    return 0;
}
`;

interface Told {
  readonly importedBy: number;
  readonly forked: boolean;
}

let scripts = 0;

/** A script of its own each time, so that each has a server of its own. */
function script(place: Place, line: string): string {
  const [, ...rest] = readFileSync(join(paths.fixtures, 'tells-its-start.mjs'), 'utf8').split('\n');
  return place.write(`script-${scripts++}.mjs`, [line, ...rest].join('\n'), 0o755);
}

async function tell(place: Place, path: string, env: NodeJS.ProcessEnv = {}): Promise<Told> {
  const { code, stdout, stderr } = await place.startProgram(path, [], { env }).ended;
  if (code !== 0 || stderr !== '') throw new Error(`${path}: ${code} ${stderr}`);
  return JSON.parse(stdout) as Told;
}

async function twice(place: Place, path: string, env: NodeJS.ProcessEnv = {}): Promise<Told[]> {
  return [await tell(place, path, env), await tell(place, path, env)];
}

/** Installs below the place, from this package or another copy of it. Returns the prefix. */
async function install(place: Place, packageRoot = paths.packageRoot): Promise<string> {
  const prefix = join(place.root, 'prefix');
  const args = [join(packageRoot, 'bin', 'prefork'), 'install', '--prefix', prefix];
  const { code, stderr } = await place.startProgram(process.execPath, args).ended;
  if (code !== 0) throw new Error(stderr);
  return prefix;
}

function copyPackage(folder: string): string {
  for (const name of ['bin/prefork', 'package.json', ...filesBelow('dist'), ...filesBelow(`prebuilds/${MACHINE}`)]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    copyFileSync(join(paths.packageRoot, name), join(folder, name));
  }
  symlinkSync(join(paths.packageRoot, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(paths.packageRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(paths.packageRoot.length + 1));
}

function watchers(place: Place): string[] {
  return place
    .processes()
    .map(({ command }) => command)
    .filter((command) => /dist\/watcher/.test(command));
}

async function endServers(place: Place): Promise<void> {
  await prefork(place, ['stop', '--all'], { limitMs: LIMIT_MS });
  await waitFor('all processes to go', () => place.processes().length === 0);
}
