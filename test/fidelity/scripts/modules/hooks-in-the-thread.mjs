// fidelity: {"since": 24}
import { registerHooks } from 'node:module';
import { initialisationComplete } from 'prefork-interp';

const seen = [];
const hooks = registerHooks({
  resolve(name, context, next) {
    if (!name.startsWith('virtual:')) return next(name, context);
    seen.push(name);
    return { url: `data:text/javascript,export default ${JSON.stringify(name)}`, shortCircuit: true };
  },
});
const early = await import('virtual:early');

initialisationComplete();
console.log(early.default, (await import('virtual:late')).default, seen);
hooks.deregister();
await import('virtual:never').catch(({ code }) => console.log(code));
