// fidelity: {"env": {"EMPTY": "", "with space": "a b", "ünï": "€", "1": "one", "__proto__x": "p", "=": null}}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(Object.keys(process.env).sort().join('|'));
console.log(JSON.stringify(Object.fromEntries(Object.entries(process.env).sort())));
