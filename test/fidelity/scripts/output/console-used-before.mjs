import { initialisationComplete } from 'prefork-interp';

console.group('a group of initialisation');
console.count('counted');
console.time('timed');

initialisationComplete();
console.log('in the group');
console.count('counted');
console.groupEnd();
console.log('out of it');
