import { createRequire } from 'node:module';
import { initialisationComplete } from 'prefork-interp';

const require = createRequire(import.meta.url);
require('../node_modules/eslint/lib/cli.js');
initialisationComplete();
require('../node_modules/eslint/bin/eslint.js');
