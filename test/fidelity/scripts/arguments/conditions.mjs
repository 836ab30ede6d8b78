// fidelity: {"node": ["--conditions=special", "--preserve-symlinks"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(import.meta.resolve('prefork-interp').split('/').at(-1), process.execArgv);
