// fidelity: {"signal": "SIGUSR2", "arrangements": [["pipe", "tty"], ["pipe", "tty"], []]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('ready');
setTimeout(() => {}, 60_000);
