import { register } from 'node:module';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const hook = `export async function resolve(name, context, next) {
  return name === 'virtual:x' ? { url: 'data:text/javascript,export default 5', shortCircuit: true } : next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
console.log((await import('virtual:x')).default);
