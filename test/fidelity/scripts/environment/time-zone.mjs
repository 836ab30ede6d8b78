// fidelity: {"env": {"TZ": "Asia/Kathmandu"}}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(new Date(0).toString(), new Date(2020, 6, 1).getTimezoneOffset());
console.log(Intl.DateTimeFormat().resolvedOptions().timeZone);
