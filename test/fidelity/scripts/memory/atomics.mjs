import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const cell = new Int32Array(new SharedArrayBuffer(4));
console.log(Atomics.add(cell, 0, 5), Atomics.wait(cell, 0, 5, 10), Atomics.wait(cell, 0, 1), Atomics.notify(cell, 0));
// Nothing else keeps the event loop waiting for it.
const stay = setInterval(() => {}, 1000);
const { async, value } = Atomics.waitAsync(cell, 0, 5, 20);
console.log(async, await value);
clearInterval(stay);
