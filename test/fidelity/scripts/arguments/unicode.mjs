// fidelity: {"args": ["ünï", "€", "😀", "日本", "\u0001\t\n"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(JSON.stringify(process.argv.slice(2)));
