// fidelity: {"arrangements": [["tty"], [], []]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdin.setRawMode(true);
throw new Error('in raw mode');
