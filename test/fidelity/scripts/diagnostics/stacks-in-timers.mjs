import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
setTimeout(function callback() {
  console.log(new Error('in a timer').stack);
}, 1);
setImmediate(() => console.log(new Error('in an immediate').stack));
process.nextTick(() => console.log(new Error('in a tick').stack));
