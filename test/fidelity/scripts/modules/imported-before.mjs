import { initialisationComplete } from 'prefork-interp';
import { greet, times } from './parts/greets.mjs';

times();

initialisationComplete();
console.log(greet('initialised'), times());
