import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('uncaughtException', () => {
  throw new Error('second');
});
throw new Error('first');
