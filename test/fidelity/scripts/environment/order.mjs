import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(Object.keys(process.env).join());
