import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(Object.getOwnPropertyNames(console).sort().join(), typeof console.Console, console[Symbol.toStringTag]);
