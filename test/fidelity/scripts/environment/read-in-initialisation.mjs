// fidelity: {"env": {"MODE": "fast"}}
import { initialisationComplete } from 'prefork-interp';

const mode = process.env.MODE;
const all = { ...process.env };

initialisationComplete();
console.log(mode, process.env.MODE, all.HOME === process.env.HOME);
