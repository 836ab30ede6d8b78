// fidelity: {"when": "ready", "input": "a\u001b[A\u0001", "arrangements": [["tty"], ["tty", "file"], ["tty"]]}

import { emitKeypressEvents } from 'node:readline';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
emitKeypressEvents(process.stdin);
process.stdin.setRawMode(true);
const names = [];
process.stdin.on('keypress', (_text, key) => {
  names.push(`${key.ctrl ? 'ctrl-' : ''}${key.name}`);
  if (key.name !== 'd') return;
  console.log(names.join());
  process.stdin.setRawMode(false);
  process.stdin.pause();
});
process.stderr.write('ready\n');
