// fidelity: {"args": ["one", "two"]}
'use strict';
const { initialisationComplete } = require('prefork-interp');
process.argv.push('added in initialisation');

initialisationComplete();
console.log(process.argv.slice(2));
