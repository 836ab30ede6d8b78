/** unix-dgram as a user of it has it: installed and compiled in a folder of its own, so that no `npm ci` depends on its compiler. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../helpers/index.js';

const SPEC = 'unix-dgram@2';
const cache = join(paths.packageRoot, 'node_modules', '.cache', 'install-tests');

/** The node_modules that holds it, compiled for the Node that runs this; or undefined, where it cannot be fetched or compiled here. */
export function installUnixDgram(): string | undefined {
  const folder = join(cache, `unix-dgram-${process.versions.modules}`);
  const built = join(folder, 'node_modules', 'unix-dgram', 'build', 'Release', 'unix_dgram.node');
  if (!existsSync(built)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"allowScripts": {"unix-dgram": true}}');
    spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', SPEC], { cwd: folder });
  }
  return existsSync(built) ? join(folder, 'node_modules') : undefined;
}
