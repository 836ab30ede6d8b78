// Formats everything, and repairs what the linter can: biome, and clang-format where it is installed.
import { spawnSync } from 'node:child_process';
import { globC, root } from './files.mjs';

for (const [program, ...args] of [
  [process.execPath, 'node_modules/@biomejs/biome/bin/biome', 'check', '--write', '.'],
  ['clang-format', '-i', ...globC()],
]) {
  const { error, status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error) process.stderr.write(`format: ${program} left out: ${error.message}\n`);
  if (status) process.exitCode = 1;
}
