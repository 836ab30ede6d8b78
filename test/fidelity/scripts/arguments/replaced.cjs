// fidelity: {"args": ["one"]}
const { initialisationComplete } = require('prefork-interp');

process.argv = undefined;
initialisationComplete();
console.log(process.argv);
