import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const lines = [];
const { log } = console;
console.log = (...words) => lines.push(words.join(' '));
console.log('kept', 1);
log(lines);
console.clear();
console.info('after clear');
