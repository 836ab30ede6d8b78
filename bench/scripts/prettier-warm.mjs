// Formats standard input as JavaScript, after a first small text.
import { readFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';
import prettier from 'prettier';

const options = { parser: 'babel' };
await prettier.format('let once = 1;', options);
initialisationComplete();
process.stdout.write(await prettier.format(readFileSync(0, 'utf8'), options));
