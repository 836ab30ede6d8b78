/** Files of this repository. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** The C sources and headers, those of tests and of the bench too, as paths from the root. */
export function globC() {
  return ['native', 'test', 'bench'].flatMap(below).sort();
}

function below(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[ch]$/.test(name) && !/(^|\/)(build|node_modules)\//.test(name))
    .map((name) => join(folder, name));
}
