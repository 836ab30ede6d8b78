// fidelity: {"node": ["--trace-exit"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
setTimeout(() => process.exit(2), 1);
