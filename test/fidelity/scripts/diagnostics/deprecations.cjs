'use strict';
const { initialisationComplete } = require('prefork-interp');
const { deprecate } = require('node:util');

initialisationComplete();
const old = deprecate(() => 'result', 'old() is old', 'OWN2');
console.log(old(), old());
new Buffer(1);
