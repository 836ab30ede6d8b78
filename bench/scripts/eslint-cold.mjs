// Loads ESLint and no more, then lints the files that are named.
import { ESLint } from 'eslint';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const eslint = new ESLint();
const results = await eslint.lintFiles(process.argv.slice(2));
const formatter = await eslint.loadFormatter('stylish');
process.stdout.write(await formatter.format(results));
