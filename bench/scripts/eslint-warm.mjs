// Lints a small text before the calls begin: the parser, the rules and the configuration are loaded then.
import { ESLint } from 'eslint';
import { initialisationComplete } from 'prefork-interp';

const eslint = new ESLint();
await eslint.lintText('let once = 1;\n', { filePath: 'once.js' });
const formatter = await eslint.loadFormatter('stylish');
initialisationComplete();

const results = await eslint.lintFiles(process.argv.slice(2));
process.stdout.write(await formatter.format(results));
