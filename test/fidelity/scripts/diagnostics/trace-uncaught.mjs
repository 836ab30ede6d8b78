// fidelity: {"node": ["--trace-uncaught"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
setTimeout(() => {
  throw 5;
}, 1);
