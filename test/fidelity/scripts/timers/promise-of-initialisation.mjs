import { setTimeout as delay } from 'node:timers/promises';
import { initialisationComplete } from 'prefork-interp';

const early = delay(20, 'promised in initialisation');

initialisationComplete();
console.log(await early);
