/** The tools, at the versions of package-lock.json, in a folder beside the Nodes that CI installs: nothing of it is the product's. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../helpers/paths.js';

const source = join(packageRoot, 'test', 'tools', 'packages');
const folder = join(packageRoot, '.tools');
const LOCK = 'package-lock.json';

/** Installs them if they are missing or others, copies the stubs anew, and returns the stubs' folder. */
export function installTools(): string {
  mkdirSync(folder, { recursive: true });
  const modules = join(folder, 'node_modules');
  const done = join(modules, LOCK);
  if (read(done) !== read(join(source, LOCK))) {
    for (const name of ['package.json', LOCK]) copyFileSync(join(source, name), join(folder, name));
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (status !== 0) throw new Error(`npm ci in ${folder} ended with ${status}`);
    copyFileSync(join(source, LOCK), done);
  }
  const link = join(modules, 'prefork-interp');
  rmSync(link, { recursive: true, force: true });
  symlinkSync(packageRoot, link);
  const stubs = join(folder, 'stubs');
  cpSync(join(source, 'stubs'), stubs, { recursive: true });
  return stubs;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
