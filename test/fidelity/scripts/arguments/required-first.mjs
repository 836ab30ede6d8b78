// fidelity: {"node": ["--require=node:assert"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(process.execArgv);
