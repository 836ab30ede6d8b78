// fidelity: {"reader": "gone", "arrangements": [["null"], ["pipe", "socket"], ["file", "tty", "pipe"]]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdout.on('error', (error) => {
  console.error(error.code, error.syscall);
  process.exitCode = 3;
});
process.stdout.write('x'.repeat(100));
