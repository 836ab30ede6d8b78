import { writeFileSync, writeSync, writevSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const results = [];
for (const descriptor of [1, 2]) {
  try {
    results.push(writeSync(descriptor, `to ${descriptor}\n`));
    results.push(writevSync(descriptor, [Buffer.from('two '), Buffer.from('parts\n')]));
  } catch (error) {
    results.push(error.code);
  }
}
writeFileSync('results', results.join());
