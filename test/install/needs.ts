/** What not every machine that runs the tests has, and CI always has. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** For `skip` of a test: why it cannot be run here, or false. In CI it is run and fails instead. */
export function needs(...programs: string[]): string | false {
  const missing = programs.filter((name) => !isThere(name));
  if (missing.length === 0 || process.env.CI === 'true') return false;
  return `not installed: ${missing.join(', ')}`;
}

function isThere(name: string): boolean {
  return ['/usr/bin', '/usr/local/bin', '/bin'].some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
