// fidelity: {"args": ["--name", "n", "-v", "rest", "--count=3"]}

import { parseArgs } from 'node:util';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const options = { name: { type: 'string' }, v: { type: 'boolean', short: 'v' }, count: { type: 'string' } };
console.log(parseArgs({ options, allowPositionals: true }));
