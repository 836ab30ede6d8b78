// Checks form and types: biome, tsc, dash, gcc's analyzer and, where it is installed, clang-format.
import { spawnSync } from 'node:child_process';
import { globC, root } from './files.mjs';

const checks = [
  ['biome', process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['tsc', process.execPath, ['scripts/build.mjs', 'lib', 'test']],
  ['sh', 'sh', ['-n', 'bin/prefork-interp']],
  ['sh', 'sh', ['-n', 'bin/without-launcher.sh']],
  ...(isGcc() ? [['analyzer', 'make', ['-s', '-k', '-j2', '-C', 'native', 'analyze']]] : []),
  ['clang-format', 'clang-format', ['--dry-run', '--Werror', ...globC()]],
];

const failed = checks.filter(([name, program, args]) => !passes(name, program, args)).map(([name]) => name);
if (failed.length > 0) process.stderr.write(`lint: failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** clang takes -fanalyzer for a mistake. */
function isGcc() {
  const { stdout } = spawnSync('cc', ['--version'], { encoding: 'utf8' });
  return stdout?.includes('Free Software Foundation') === true;
}

/** clang-format is no part of a C compiler: without it the rest is checked. */
function passes(name, program, args) {
  const { error, status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error?.code === 'ENOENT') {
    process.stderr.write(`lint: ${name} left out: ${program} is not installed\n`);
    return true;
  }
  return !error && status === 0;
}
