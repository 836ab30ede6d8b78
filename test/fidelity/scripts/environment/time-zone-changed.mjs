// fidelity: {"env": {"TZ": "America/New_York"}}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(new Date(0).toString());
process.env.TZ = 'Europe/Berlin';
console.log(new Date(0).toString());
delete process.env.TZ;
console.log(new Date(0).toString());
