import { execSync } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
try {
  execSync('echo text; echo complaint >&2; exit 5', { stdio: 'pipe' });
} catch (error) {
  console.log(error.status, error.stdout.toString(), error.stderr.toString(), error.message);
}
try {
  execSync('exit 6');
} catch (error) {
  error.pid = 'pid';
  throw error;
}
