import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(Object.getOwnPropertyNames(globalThis).sort().join());
console.log(Object.getOwnPropertySymbols(globalThis).map(String).join());
