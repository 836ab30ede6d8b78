// What runs at once when bin/tsc is loaded stands in the library as a function. sys.args is of when it was loaded: another's.
const { initialisationComplete } = require('prefork-interp');
const typescript = require('typescript');

initialisationComplete();
typescript.Debug.loggingHost = {
  log: (_, text) => typescript.sys.write(`${text || ''}${typescript.sys.newLine}`),
};
typescript.sys.setBlocking?.();
typescript.executeCommandLine(typescript.sys, typescript.noop, process.argv.slice(2));
