// fidelity: {"env": {"NODE_NO_WARNINGS": "1"}}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.emitWarning('not seen');
console.log(process.noDeprecation);
