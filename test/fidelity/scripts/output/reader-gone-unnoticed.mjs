// fidelity: {"reader": "gone", "arrangements": [["null"], ["pipe", "socket"], ["file", "tty", "pipe"]]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('console.log ignores errors');
setTimeout(() => console.log('again'), 20);
