import { closeSync, openSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const opened = [1, 2, 3].map(() => openSync('/dev/null', 'r'));
console.log(opened[1] - opened[0], opened[2] - opened[1]);
closeSync(opened[0]);
console.log(openSync('/dev/null', 'r') === opened[0]);
