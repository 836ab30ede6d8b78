// fidelity: {"when": "ready", "input": "abc\u007fd\r", "arrangements": [["tty"], ["tty"], []]}

import { createInterface } from 'node:readline';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const lines = createInterface({
  input: process.stdin,
  output: process.stdout,
  historySize: 5,
  completer: (line) => [[], line],
});
lines.on('line', (line) => {
  lines.close();
  console.log(`line ${line}`);
});
lines.on('close', () => console.log('close', process.stdin.isRaw));
lines.setPrompt('> ');
lines.prompt();
setImmediate(() => process.stdout.write('ready\n'));
