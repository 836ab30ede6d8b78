import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('exit', () => {
  throw new Error('from the exit listener');
});
