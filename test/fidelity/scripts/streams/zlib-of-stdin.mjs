import { createGunzip, createGzip } from 'node:zlib';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdin.pipe(createGzip()).pipe(createGunzip()).pipe(process.stdout);
