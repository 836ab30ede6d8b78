import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
setTimeout(function callback() {
  console.log(new Error('in a timer').stack);
  // Not beside the timer: which of the two comes first depends on how fast the process is.
  setImmediate(() => console.log(new Error('in an immediate').stack));
}, 1);
process.nextTick(() => console.log(new Error('in a tick').stack));
