// fidelity: {"arrangements": [["tty"], [], []]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdin.setRawMode(true);
console.log(process.stdin.isRaw);
process.exit(3);
