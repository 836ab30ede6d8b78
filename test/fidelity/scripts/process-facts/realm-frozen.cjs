const { initialisationComplete } = require('prefork-interp');
const { performance } = require('node:perf_hooks');

// As a lockdown of all that a guest could change.
for (const { prototype } of [Object, Function, Array, Promise, Map, Set, RegExp, Error, Uint8Array, Buffer, Symbol])
  Object.freeze(prototype);
for (const object of [Object, Array, Reflect, JSON, Math, performance, process.execArgv, process.versions, console])
  Object.freeze(object);
process.title = 'frozen';
process.execArgv = undefined;
Object.freeze(globalThis);
initialisationComplete();
console.log(Object.isFrozen(globalThis), process.title, process.argv.length, performance.now() > 0);
console.error(Math.random() < 1, process.pid === Number(require('node:fs').readlinkSync('/proc/self')));
