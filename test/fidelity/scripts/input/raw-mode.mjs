// fidelity: {"when": "ready", "input": "ab\u0003\r", "arrangements": [["tty"], ["pipe", "socket", "tty"], []]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdin.setRawMode(true);
console.log(process.stdin.isRaw);
let typed = '';
process.stdin.on('data', (chunk) => {
  typed += chunk;
  if (!typed.includes('\u0004')) return;
  console.log(JSON.stringify(typed));
  process.exit();
});
console.log('ready');
if (!process.stdout.isTTY) console.error('ready');
