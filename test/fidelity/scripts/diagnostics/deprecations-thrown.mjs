// fidelity: {"node": ["--throw-deprecation"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.emitWarning('thrown', 'DeprecationWarning');
