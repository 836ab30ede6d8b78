'use strict';
const { initialisationComplete } = require('prefork-interp');

initialisationComplete();
let text = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => {
  text += chunk;
});
process.stdin.on('end', () => console.log(JSON.stringify(text)));
