// fidelity: {"world": "stdin"}
import { initialisationComplete } from 'prefork-interp';

process.stdin.on('unusual', () => {});

initialisationComplete();
process.stdin.pipe(process.stdout);
