// fidelity: {"node": ["--expose-gc"]}
import { initialisationComplete } from 'prefork-interp';

const keys = [{}, {}];
const map = new WeakMap(keys.map((key, i) => [key, i]));

initialisationComplete();
gc();
console.log(keys.map((key) => map.get(key)).join(), new WeakSet([keys[0]]).has(keys[0]));
