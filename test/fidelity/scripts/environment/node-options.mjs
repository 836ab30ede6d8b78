// fidelity: {"env": {"NODE_OPTIONS": "--no-warnings --stack-trace-limit=2"}}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.emitWarning('not seen');
console.log(process.env.NODE_OPTIONS, Error.stackTraceLimit, process.execArgv);
