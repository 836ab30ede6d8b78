/** Files of this repository. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** The C sources and headers, as paths from the root. */
export function globC() {
  return readdirSync(join(root, 'native'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[ch]$/.test(name) && !name.startsWith('build/'))
    .map((name) => join('native', name))
    .sort();
}
