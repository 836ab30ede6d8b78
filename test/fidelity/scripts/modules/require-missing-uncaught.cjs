'use strict';
const { initialisationComplete } = require('prefork-interp');

initialisationComplete();
require('missing-package');
