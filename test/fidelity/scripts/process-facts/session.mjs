import { readFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const stat = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
console.log(
  Number(stat[2]) === process.pid ? 'leads its group' : 'in a group of another',
  Number(stat[3]) === process.pid,
);
