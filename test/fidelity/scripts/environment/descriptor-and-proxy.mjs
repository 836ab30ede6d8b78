// fidelity: {"env": {"ONE": "1"}}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(Object.getOwnPropertyDescriptor(process.env, 'ONE'), Object.prototype.toString.call(process.env));
console.log(
  'ONE' in process.env,
  Object.hasOwn(process.env, 'TWO'),
  process.env.toString === Object.prototype.toString,
);
for (const bad of [() => (process.env.S = Symbol('s')), () => Object.defineProperty(process.env, 'A', { value: 1 })]) {
  try {
    console.log(bad());
  } catch (error) {
    console.log(error.name, error.code);
  }
}
