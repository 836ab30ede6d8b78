'use strict';
const { initialisationComplete } = require('prefork-interp');

initialisationComplete();
console.log(new Error('top').stack);
