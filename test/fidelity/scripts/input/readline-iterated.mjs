import { createInterface } from 'node:readline';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) console.log(`line ${line}`);
console.log('over');
