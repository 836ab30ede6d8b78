/** `prefork` where the launcher does not run: another system, another machine, a package without its native parts. */
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Place, paths, type Result, test } from '../helpers/index.js';

const MARK = 'a launcher was run as a shell script';
/** What execvp(3) hands to a shell: the kernel executes none of these. */
const strangers: Record<string, (place: Place) => Buffer | undefined> = {
  'that is missing': () => undefined,
  'for another machine': () => patched((elf) => elf.writeUInt16LE(243, 18)),
  'that is a shell script': () => Buffer.from(`echo '${MARK}'\n${' '.repeat(64)}`),
  'that is empty': () => Buffer.alloc(0),
};
for (const [name, make] of Object.entries(strangers)) {
  test(`a launcher ${name} is not started`, async (t, place) => {
    const folder = copyPackage(place, make(place));
    await checkCommands(t, place, folder, {});
  });
}

for (const system of ['darwin', 'freebsd', 'win32']) {
  test(`on ${system} no launcher is started, although there is one for this architecture`, async (t, place) => {
    const folder = copyPackage(place, readFileSync(paths.launcher));
    const preload = place.write(
      'system.cjs',
      `Object.defineProperty(process, 'platform', { value: '${system}' });
const fs = require('node:fs');
for (const name of ['readdirSync', 'readFileSync']) {
  const original = fs[name];
  fs[name] = (path, ...rest) => { if (String(path).startsWith('/proc')) throw new Error('there is no /proc'); return original(path, ...rest); };
}
require('node:module').syncBuiltinESMExports();\n`,
    );
    await checkCommands(t, place, folder, { NODE_OPTIONS: `--require=${preload}` });
  });
}

type Test = Parameters<Parameters<typeof test>[1]>[0];

async function checkCommands(t: Test, place: Place, folder: string, env: Record<string, string>): Promise<void> {
  const script = place.write('a.mjs', '');
  const run = (...args: string[]): Promise<Result> =>
    place.startProgram(process.execPath, [join(folder, 'bin', 'prefork'), ...args], { env }).ended;
  for (const args of [
    ['why', script],
    ['install', '--prefix', join(place.root, 'prefix')],
  ]) {
    const command = args.join(' ');
    const { code, stdout, stderr } = await run(...args);
    t.strictSame([code, stdout], [1, ''], command);
    t.match(stderr, /^prefork: there is no launcher for this machine, \/.*: scripts run plainly here\n$/, command);
  }
  t.match(await run('ls'), { code: 0, stderr: '' });
  t.match(await run('stop', '--all'), { code: 1, stderr: 'prefork: no server to stop\n' });
}

function patched(patch: (elf: Buffer) => void): Buffer {
  const elf = readFileSync(paths.launcher);
  patch(elf);
  return elf;
}

function copyPackage(place: Place, launcher: Buffer | undefined): string {
  const folder = join(place.root, 'package');
  const program = join(folder, 'prebuilds', `linux-${process.arch}`, 'prefork-interp');
  mkdirSync(dirname(program), { recursive: true });
  for (const name of ['bin', 'dist']) cpSync(join(paths.packageRoot, name), join(folder, name), { recursive: true });
  copyFileSync(join(paths.packageRoot, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(paths.packageRoot, 'node_modules'), join(folder, 'node_modules'));
  rmSync(program, { force: true });
  if (launcher !== undefined) writeFileSync(program, launcher, { mode: 0o755 });
  return folder;
}
