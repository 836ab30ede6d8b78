import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(typeof process.stdin, process.stdin.readableFlowing, process.stdin.isPaused());
