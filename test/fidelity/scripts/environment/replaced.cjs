// fidelity: {"env": {"NAME": "value"}}
const { initialisationComplete } = require('prefork-interp');

process.env = Object.freeze({ ...process.env });
initialisationComplete();
console.log(process.env.NAME, Object.isFrozen(process.env), process.cwd().length > 1);
