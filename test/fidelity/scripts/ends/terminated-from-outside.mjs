// fidelity: {"signal": "SIGTERM", "arrangements": [[], ["pipe", "socket", "tty"], ["pipe", "file", "same"]]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('ready');
setTimeout(() => {}, 60_000);
