'use strict';
const { initialisationComplete } = require('prefork-interp');

initialisationComplete();
console.log(require('./parts/exports.cjs').path, require('./parts/data.json'));
console.log(
  require.resolve('./parts/exports.cjs').split('/').slice(-2).join('/'),
  Object.keys(require.cache).length > 1,
);
try {
  require('./parts/missing.cjs');
} catch (error) {
  console.log(error.code, error.requireStack.length, error.message.split('\n')[0]);
}
