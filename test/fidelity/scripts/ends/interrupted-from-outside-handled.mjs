// fidelity: {"signal": "SIGINT", "arrangements": [[], ["pipe", "socket", "tty"], ["null", "closed", "same"]]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const waiting = setTimeout(() => {}, 60_000);
process.on('SIGINT', (name) => {
  console.log('caught', name);
  clearTimeout(waiting);
});
console.log('ready');
