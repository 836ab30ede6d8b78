import { mkdirSync, writeFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(process.umask().toString(8));
writeFileSync('usual', '');
process.umask(0o077);
writeFileSync('private', '');
mkdirSync('directory');
console.log(process.umask(0).toString(8));
writeFileSync('open', '', { mode: 0o666 });
