/** The programs that stand beside ours in the table. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const modules = join(folder, 'node_modules');
const chiark = '/usr/bin/prefork-interp';

/** Installs what bench/package.json names, unless it is there. Without a network the bench goes on, and its lines say what is missing. */
export function installTools() {
  if (existsSync(join(modules, '.package-lock.json'))) return;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', '--prefix', folder];
  const { error, status } = spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (error || status !== 0) process.stderr.write('bench: npm ci in bench/ failed: going on without its programs\n');
}

/** Each is a path, or undefined where it is not installed. Platform packages hold the binaries of bun and esbuild themselves. */
export function findTools() {
  return {
    bun: present(join(modules, '@oven', `bun-linux-${process.arch}`, 'bin', 'bun')),
    esbuild: present(join(modules, '@esbuild', `linux-${process.arch}`, 'bin', 'esbuild')),
    eslintD: present(join(modules, 'eslint_d', 'bin', 'eslint_d.js')),
    prettierD: present(join(modules, '@fsouza', 'prettierd', 'bin', 'prettierd')),
    prettier: present(join(modules, 'prettier', 'bin', 'prettier.cjs')),
    chiark: isChiarks() ? chiark : undefined,
  };
}

function present(path) {
  return existsSync(path) ? path : undefined;
}

/** Our own launcher may be installed in the place of theirs; it knows --version. */
function isChiarks() {
  if (!existsSync(chiark) || spawnSync(chiark, ['--version'], { stdio: 'ignore' }).status === 0) return false;
  return spawnSync('perl', ['-MProc::Prefork::Interp', '-e', '1'], { stdio: 'ignore' }).status === 0;
}
