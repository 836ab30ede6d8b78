import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.time('never ended');
console.time('never ended');
console.timeEnd('not started');
console.timeLog('not started');
