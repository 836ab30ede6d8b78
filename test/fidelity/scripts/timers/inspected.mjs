import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const timeout = setTimeout(() => {}, 10);
console.log(
  timeout.constructor.name,
  typeof timeout[Symbol.toPrimitive](),
  typeof timeout._idleStart,
  timeout._idleTimeout,
);
console.log(setImmediate(() => {}).constructor.name);
