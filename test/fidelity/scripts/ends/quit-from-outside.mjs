// fidelity: {"signal": "SIGQUIT", "arrangements": [["file"], ["pipe", "tty"], []]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('ready');
setTimeout(() => {}, 60_000);
