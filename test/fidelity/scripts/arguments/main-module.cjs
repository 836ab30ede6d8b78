// fidelity: {"args": ["x"]}
'use strict';
const { initialisationComplete } = require('prefork-interp');

initialisationComplete();
console.log(require.main === module, module.id, __filename === process.argv[1], module.paths.length > 0, module.loaded);
console.log(typeof exports, this === module.exports, module.children.length, require.main.filename === __filename);
