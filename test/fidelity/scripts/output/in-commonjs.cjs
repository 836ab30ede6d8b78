'use strict';
const { initialisationComplete } = require('prefork-interp');

initialisationComplete();
console.log('out', { a: 1 });
console.error('err', [1]);
process.stdout.write('written\n');
