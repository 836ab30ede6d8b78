import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from './paths.js';
import type { Place } from './place.js';

/** Compiles test/native/NAME.c into the work folder, as an addon that a script there loads with `require('./NAME.node')`. */
export function compileAddon(place: Place, name: string): void {
  const headers = join(packageRoot, 'node_modules', 'node-api-headers', 'include');
  const source = join(packageRoot, 'test', 'native', `${name}.c`);
  const output = join(place.work, `${name}.node`);
  const flags = ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', `-I${headers}`];
  execFileSync('cc', [...flags, '-o', output, source, '-pthread']);
}
