import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Place, paths, test, waitFor } from '../helpers/index.js';

/** Instead of the launcher: it says where it is and what it got. A program, since dash tells a missing one apart. */
const stub = '#!/bin/sh\necho "$0"; for word in "$@"; do echo "<$word>"; done; exit 7\n';

const layouts: [name: string, arrange: (place: Place, installed: string) => string][] = [
  ['in the package itself', (_, installed) => installed],
  [
    'linked in node_modules/.bin',
    (place, installed) => link(join(place.work, 'node_modules/.bin/prefork-interp'), installed),
  ],
  ['linked in a global bin folder', (place) => globalLink(place)],
  ['run by a shim, as pnpm makes', (place, installed) => shim(place, installed)],
  ['linked from anywhere', (place, installed) => link(join(place.root, 'anywhere/pi'), installed)],
  ['linked to a link', (place, installed) => linkToLink(place, installed)],
];
for (const [name, arrange] of layouts) {
  test(`the launcher is found ${name}`, async (t, place) => {
    const program = arrange(place, install(join(place.work, 'node_modules')));
    const args = ['-U node', '', 'a  b', '*', '$x', '-n'];
    const { code, stdout, stderr } = await place.startProgram(program, args).ended;
    t.equal(stderr, '');
    t.equal(code, 7);
    t.strictSame(stdout.split('\n').slice(1), [...args.map((word) => `<${word}>`), '']);
  });
}

test('no other program is started on the way in the usual layouts', async (t, place) => {
  const installed = install(join(place.work, 'node_modules'));
  const linked = link(join(place.work, 'node_modules/.bin/prefork-interp'), installed);
  for (const program of [installed, linked, globalLink(place)]) {
    const { code, stdout } = await place.startProgram('/bin/sh', ['-c', 'PATH=/nowhere; exec "$@"', 'sh', program])
      .ended;
    t.equal(code, 7);
    t.match(stdout, /prebuilds/);
  }
});

test('the variables of the caller arrive', async (t, place) => {
  const installed = install(join(place.work, 'node_modules'));
  const launcher = join(dirname(installed), '..', 'prebuilds', `linux-${process.arch}`, 'prefork-interp');
  copyFileSync('/usr/bin/env', launcher);
  const env = { package: '1', machine: '2', self: '3', kernel: '4', here: '5', path: '6', EMPTY: '', LINES: 'a\nb' };
  const { stdout } = await place.startProgram(installed, ['-0'], { env }).ended;
  const arrived = stdout.split('\0').filter((entry) => !entry.startsWith('PWD='));
  const sent = Object.entries({ ...place.env, ...env }).map(([name, value]) => `${name}=${value}`);
  t.strictSame(arrived.sort(), [...sent, ''].sort());
});

test('it is found through PATH, from its own directory, and by a shell that is given the file', async (t, place) => {
  const cwd = dirname(install(join(place.work, 'node_modules')));
  for (const command of [
    './prefork-interp',
    'PATH=:$PATH prefork-interp',
    'sh prefork-interp',
    'sh ./prefork-interp',
  ]) {
    t.match(await place.startProgram('/bin/sh', ['-c', command], { cwd }).ended, { code: 7, stderr: '' }, command);
  }
});

test('without a launcher and without the rest of its package it is one line and status 127', async (t, place) => {
  const installed = install(join(place.work, 'node_modules'), 'linux-other');
  const { code, stdout, stderr } = await place.startProgram(installed, ['-U', 'node']).ended;
  t.equal(code, 127);
  t.equal(stdout, '');
  t.equal(stderr, `prefork-interp: the rest of its package was not found from ${installed}: install it again\n`);
});

/** Yarn 4 starts a bin as `node FILE`. Node 20 cannot become the shell, and so has it as a child. */
for (const node of nodes()) {
  const program = join(paths.packageRoot, 'bin', 'prefork-interp');

  test(`started with node, it becomes the launcher (${node})`, async (t, place) => {
    const script = place.write('s.mjs', 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;');
    const args = ['', 'a  b', '*', '$x', '-n'];
    const env = { PREFORK_INTERP_DISABLE: '1' };
    const run = await place.startProgram(node, [program, '-U', 'node', script, ...args], { env }).ended;
    t.match(run, { code: 7, stdout: `${JSON.stringify(args)}\n`, stderr: '' });
    const wrong = await place.startProgram(node, [program, '-x']).ended;
    t.match(wrong, { code: 127, stdout: '', stderr: 'prefork-interp: unknown option -x (see --help)\n' });

    const tells = place.fixture('tells-its-start.mjs');
    const start = () => place.startProgram(node, [program, '-U', 'node', tells]).ended;
    const [cold, warm] = [await start(), await start()];
    t.match(cold, { code: 0, stderr: '', stdout: /"forked":true/ });
    t.equal(warm.stdout, cold.stdout);
  });

  test(`started with node, it passes signals on and ends as the script (${node})`, async (t, place) => {
    const script = place.write(
      's.mjs',
      "process.on('SIGHUP', () => process.stdout.write('hup')); setInterval(() => {}, 99); process.stdout.write('up ');",
    );
    const running = place.startProgram(node, [program, '-U', 'node', script], {
      env: { PREFORK_INTERP_DISABLE: '1' },
    });
    await waitFor('the script', () => running.stdout() === 'up ');
    process.kill(running.pid, 'SIGHUP');
    await waitFor('its handler', () => running.stdout() === 'up hup');
    process.kill(running.pid, 'SIGTERM');
    t.match(await running.ended, { signal: 'SIGTERM', stderr: '' });
  });
}

function nodes(): string[] {
  const folder = join(paths.packageRoot, '.nodes');
  const others = existsSync(folder) ? readdirSync(folder) : [];
  const programs = others.map((major) => join(folder, major, 'node_modules', `node-linux-${process.arch}`, 'bin/node'));
  return [process.execPath, ...programs.filter((path) => existsSync(path))];
}

/** A package with a launcher, under the name it has after installation. Returns the program's path. */
function install(modules: string, machine = `linux-${process.arch}`): string {
  const folder = join(modules, 'prefork-interp');
  const launcher = join(folder, 'prebuilds', machine, 'prefork-interp');
  const program = join(folder, 'bin', 'prefork-interp');
  rmSync(folder, { force: true, recursive: true });
  for (const path of [launcher, program]) mkdirSync(dirname(path), { recursive: true });
  copyFileSync(join(paths.packageRoot, 'bin', 'prefork-interp'), program);
  writeFileSync(launcher, stub);
  for (const path of [launcher, program]) chmodSync(path, 0o755);
  return program;
}

function globalLink(place: Place): string {
  install(join(place.root, 'prefix/lib/node_modules'));
  return link(join(place.root, 'prefix/bin/prefork-interp'), '../lib/node_modules/prefork-interp/bin/prefork-interp');
}

function shim(place: Place, installed: string): string {
  return place.write('shim', `#!/bin/sh\nexec "${installed}" "$@"\n`, 0o755);
}

function linkToLink(place: Place, installed: string): string {
  return link(join(place.root, 'twice/pi'), link(join(place.root, 'once/pi'), installed));
}

function link(path: string, target: string): string {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
  return path;
}
