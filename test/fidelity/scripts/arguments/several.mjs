// fidelity: {"args": ["--flag", "-x", "value", "", "a b", "--", "-", "--flag=1"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(process.argv.slice(2), process.execArgv);
