import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('exit', () => {
  process.exitCode = 12;
});
