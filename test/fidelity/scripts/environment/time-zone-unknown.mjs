// fidelity: {"env": {"TZ": "Nowhere/Land"}}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(new Date(0).toString(), Intl.DateTimeFormat().resolvedOptions().timeZone);
