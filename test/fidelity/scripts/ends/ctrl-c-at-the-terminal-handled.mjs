// fidelity: {"when": "ready", "input": "\u0003", "arrangements": [["tty"], ["tty", "pipe"], ["tty", "file", "same"]]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('SIGINT', () => {
  console.log('caught');
  process.exit(130);
});
console.log('ready');
setTimeout(() => {}, 60_000);
