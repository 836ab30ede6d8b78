import { readFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

const own = readFileSync(new URL(import.meta.url), 'utf8');

initialisationComplete();
console.log(own === readFileSync(new URL(import.meta.url), 'utf8'), own.length);
