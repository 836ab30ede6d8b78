import { getHeapSnapshot, writeHeapSnapshot } from 'node:v8';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
let start = '';
for await (const chunk of getHeapSnapshot()) if (start.length < 30) start += chunk;
console.log(start.slice(0, 12), typeof writeHeapSnapshot);
