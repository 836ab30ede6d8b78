import { mkdirSync, opendirSync, writeFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
mkdirSync('d');
for (const name of ['x', 'y']) writeFileSync(`d/${name}`, name);
const names = [];
for await (const entry of opendirSync('d')) names.push(`${entry.name} ${entry.isDirectory()}`);
console.log(names.sort().join());
