import { execFileSync } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.env.ADDED = 'added';
process.env.NUMBER = 5;
process.env.PATH += ':/added';
delete process.env.LANG;
console.log(execFileSync('env', { encoding: 'utf8' }).split('\n').sort().join('\n'));
console.log(process.env.LANG, 'LANG' in process.env, process.env.NUMBER);
