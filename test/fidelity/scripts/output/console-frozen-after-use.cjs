const { initialisationComplete } = require('prefork-interp');

void [console._stdout, console._stderr];
for (const name of Object.keys(console)) if (typeof console[name] === 'function') Object.freeze(console[name]);
Object.freeze(console);
const { log } = console;
initialisationComplete();
log('on stdout, %o', [1]);
console.error('on stderr');
console.log(console._stdout === process.stdout, console._stderr === process.stderr);
