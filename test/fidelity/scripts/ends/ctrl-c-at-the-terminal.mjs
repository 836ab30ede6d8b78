// fidelity: {"when": "ready", "input": "\u0003", "arrangements": [["tty"], ["tty", "pipe"], ["tty", "file", "same"]]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('ready');
process.stderr.write('');
setTimeout(() => {}, 60_000);
