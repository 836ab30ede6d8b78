// fidelity: {"node": ["--report-uncaught-exception", "--report-filename=/dev/null", "--report-compact"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
throw new Error('reported');
