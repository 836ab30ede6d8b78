import { text } from 'node:stream/consumers';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(JSON.stringify(await text(process.stdin)));
