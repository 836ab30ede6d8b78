// fidelity: {"when": "ready", "input": "\u0003", "arrangements": [["tty"], ["tty", "pipe"], ["tty", "file", "same"]]}
import { isatty } from 'node:tty';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
// The calls ahead of those that are compared have no terminal, and nobody would end them.
if (!isatty(0)) process.exit();
console.log('ready');
process.stderr.write('');
setTimeout(() => {}, 60_000);
