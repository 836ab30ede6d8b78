// fidelity: {"env": {"TZ": "Pacific/Auckland"}}
import { initialisationComplete } from 'prefork-interp';

const early = new Date(0).toString();
const format = new Intl.DateTimeFormat('en', { timeStyle: 'long' });

initialisationComplete();
console.log(early === new Date(0).toString(), format.format(0), early);
