const { initialisationComplete } = require('prefork-interp');

// What is set on the prototype of all objects is inherited by every literal, also by those of libraries.
for (const name of [
  'pid',
  'arguments',
  'timeZoneChanged',
  'path',
  'served',
  'problem',
  'name',
  'open',
  'opened',
  'stays',
])
  Object.defineProperty(Object.prototype, name, {
    get: () => 'inherited',
    set() {
      throw new Error(`${name} was set`);
    },
    configurable: true,
  });
Object.defineProperty(Object.prototype, 'get', { value: undefined, configurable: true, writable: false });
initialisationComplete();
for (const name of Object.getOwnPropertyNames(Object.prototype))
  if (
    Object.getOwnPropertyDescriptor(Object.prototype, name).configurable &&
    /^[a-z]+$/i.test(name) &&
    !/^(constructor|is|to|valueOf|has|property)/.test(name)
  )
    delete Object.prototype[name];
console.log(process.pid === Number(require('node:fs').readlinkSync('/proc/self')), process.argv.slice(2));
