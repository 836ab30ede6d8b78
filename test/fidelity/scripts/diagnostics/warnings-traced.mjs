// fidelity: {"node": ["--trace-warnings"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.emitWarning('traced');
