// fidelity: {"node": ["--expose-gc"]}
import { initialisationComplete } from 'prefork-interp';

const registry = new FinalizationRegistry((name) => console.log('collected', name));
const kept = { kept: true };
registry.register(kept, 'kept');

initialisationComplete();
(() => registry.register({}, 'of the call'))();
const weak = new WeakRef(kept);
await new Promise((go) => setTimeout(go, 1));
gc();
await new Promise((go) => setTimeout(go, 20));
console.log(weak.deref() === kept);
