const { initialisationComplete } = require('prefork-interp');
require('webpack');
require('webpack-cli');

initialisationComplete();
require('../node_modules/webpack-cli/bin/cli.js');
