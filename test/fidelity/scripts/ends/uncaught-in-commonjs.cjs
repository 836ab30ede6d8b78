'use strict';
const { initialisationComplete } = require('prefork-interp');

initialisationComplete();
function thrower() {
  throw new Error('not caught');
}
thrower();
