'use strict';
const { initialisationComplete } = require('prefork-interp');

initialisationComplete();
process.nextTick(() => console.log('tick'));
queueMicrotask(() => console.log('microtask'));
Promise.resolve().then(() => console.log('promise'));
console.log('sync');
