import { fstatSync, readdirSync, readlinkSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const told = (path) => path.replace(/\[\d+\]/, '[N]').replace(/\/dev\/pts\/\d+/, '/dev/pts/N');
for (const name of ['0', '1', '2'])
  console.log(name, told(readlinkSync(`/proc/self/fd/${name}`)), fstatSync(Number(name)).isFIFO());
console.log(readdirSync('/proc/self/fd').includes('2'));
