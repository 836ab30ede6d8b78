import { createRequire, isBuiltin } from 'node:module';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const require = createRequire(import.meta.url);
console.log(require('./parts/data.json').key, require.resolve('node:fs'), isBuiltin('fs'), isBuiltin('node:none'));
