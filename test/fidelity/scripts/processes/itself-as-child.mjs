import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
if (process.argv[2] === undefined) {
  const { status } = spawnSync(process.argv0, [fileURLToPath(import.meta.url), 'inner'], { stdio: 'inherit' });
  console.log('inner ended with', status);
} else {
  console.log(process.argv.slice(2));
  process.exitCode = 9;
}
