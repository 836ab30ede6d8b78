/** Files of this repository. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** The C sources and headers, those of tests too, as paths from the root. */
export function globC() {
  return ['native', 'test'].flatMap(below).sort();
}

function below(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[ch]$/.test(name) && !name.startsWith('build/'))
    .map((name) => join(folder, name));
}
