import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(process.kill(process.pid, 0));
try {
  process.kill(process.pid, 'SIGNONE');
} catch (error) {
  console.log(error.code);
}
