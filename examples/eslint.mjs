#!/usr/bin/env -S prefork-interp -U node
// ESLint as a command that starts at once: examples/eslint.mjs FILE ...
import { ESLint } from 'eslint';
import { initialisationComplete } from 'prefork-interp';

const rules = {
  complexity: ['warn', 12],
  eqeqeq: 'error',
  'max-lines-per-function': ['warn', 150],
  'no-else-return': 'warn',
  'no-shadow': 'warn',
  'no-unused-vars': 'error',
  'prefer-const': 'error',
};
const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: { rules } });

// What every call needs is done once, ahead: a first file makes ESLint load its parser and the rules.
await eslint.lintText('let once = 1;');
const formatter = await eslint.loadFormatter('stylish');
initialisationComplete();

// From here on each call runs in a process of its own.
const results = await eslint.lintFiles(process.argv.slice(2));
process.stdout.write(await formatter.format(results));
process.exitCode = results.some(({ errorCount }) => errorCount > 0) ? 1 : 0;
