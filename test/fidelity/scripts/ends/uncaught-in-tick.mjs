import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.nextTick(() => {
  throw new RangeError('in a tick');
});
