// fidelity: {"env": {"TERM": "dumb"}}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log({ a: 1 });
console.log(process.stdout.getColorDepth?.(), process.stdout.hasColors?.());
console.clear();
