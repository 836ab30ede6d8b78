// fidelity: {"when": "ready", "input": "\u0003", "arrangements": [["tty"], ["tty", "pipe"], ["tty", "file", "same"]]}
import { isatty } from 'node:tty';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
// The calls ahead of those that are compared have no terminal, and nobody would end them.
if (!isatty(0)) process.exit();
process.on('SIGINT', () => {
  console.log('caught');
  process.exit(130);
});
console.log('ready');
setTimeout(() => {}, 60_000);
