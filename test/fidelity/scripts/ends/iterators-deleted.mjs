import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('whole');
console.error('whole');
delete Array.prototype[Symbol.iterator];
Array.prototype.map = undefined;
console.log('still', 'here');
setTimeout(() => console.log('and here'), 1);
