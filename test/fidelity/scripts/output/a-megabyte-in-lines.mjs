import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (let i = 0; i < 20_000; i++) console.log('line', i, 'of twenty thousand, padded to be longer than it is');
