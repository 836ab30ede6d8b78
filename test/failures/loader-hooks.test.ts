/** Hooks of the module loader run in a thread, which a fork would lose: the script runs with them, unforked, and says why. */
import { test } from '../helpers/index.js';

const hooks = `export async function resolve(name, context, next) {
  if (name !== 'virtual:five') return next(name, context);
  return { url: 'data:text/javascript,export default 5', shortCircuit: true };
}`;

const ways: [name: string, words: string[], env: Record<string, string>][] = [
  ['--import', ['--import=./registers.mjs', '--no-deprecation'], {}],
  ['NODE_OPTIONS', [], { NODE_OPTIONS: '--import=./registers.mjs --no-deprecation' }],
];

for (const [name, words, env] of ways) {
  test(`module.register in a file of ${name}: each call has the hooks, and a line says that threads run`, async (t, place) => {
    place.write('hooks.mjs', hooks);
    place.write('registers.mjs', `import { register } from 'node:module'; register('./hooks.mjs', import.meta.url);`);
    const script = place.write(
      'hooked.mjs',
      `import five from 'virtual:five';
      import { initialisationComplete } from 'prefork-interp';
      console.log(five, initialisationComplete(), (await import('virtual:five')).default);`,
    );
    const threads = String.raw`\d+ threads run at library load where Node has \d+ or \d+ of its own`;
    for (const how of ['unforked: ', 'plainly: it cannot be forked: ']) {
      const debug = how.startsWith('plainly') ? { PREFORK_INTERP_DEBUG: '1' } : {};
      const result = await place.call(['-U', 'node', ...words, script], { env: { ...env, ...debug } });
      t.match(result, { code: 0, stdout: '5 false 5\n' }, how);
      t.match(result.stderr, new RegExp(`^prefork-interp: running \\S+ ${how}${threads}\n$`));
    }
    t.strictSame(place.servers(), []);
  });
}
