const { initialisationComplete } = require('prefork-interp');
require('../node_modules/mocha/lib/cli/cli.js');

initialisationComplete();
require('../node_modules/mocha/bin/mocha.js');
