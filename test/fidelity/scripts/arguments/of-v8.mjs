// fidelity: {"node": ["--expose-gc", "--harmony"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(typeof globalThis.gc, process.execArgv, process.allowedNodeEnvironmentFlags.has('--max-old-space-size'));
