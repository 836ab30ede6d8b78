// fidelity: {"node": ["--redirect-warnings=warnings"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.emitWarning('to a file');
setTimeout(() => console.log('end'), 50);
