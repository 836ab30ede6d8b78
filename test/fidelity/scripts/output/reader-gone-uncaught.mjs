// fidelity: {"reader": "gone", "arrangements": [["null", "pipe"], ["pipe", "socket"], ["file", "null"]]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdout.write('x'.repeat(100));
setTimeout(() => {}, 1000);
