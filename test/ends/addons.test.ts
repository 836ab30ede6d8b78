/** Another addon's cleanup hooks, C atexit handlers and destructors run as in a plain run, whenever it was loaded. */
import { compileAddon, test } from '../helpers/index.js';

const ways: [name: string, code: string][] = [
  ['natural end', ''],
  ['natural end with a code', 'process.exitCode = 4;'],
  ['process.exit', 'process.exit(3);'],
  ['process.exit in a timer', 'setTimeout(() => process.exit(5), 1);'],
  ['process.reallyExit', 'process.reallyExit(6);'],
  ['uncaught error', "throw new Error('uncaught');"],
  ['unhandled rejection', "Promise.reject(new Error('unhandled'));"],
];

for (const when of ['in initialisation', 'in the call'] as const) {
  test(`an addon that was loaded ${when} is left as in a plain run`, async (t, place) => {
    compileAddon(place, 'leaves-traces');
    const load = "require('./leaves-traces.node');";
    const script = place.write(
      'loads.cjs',
      `const { initialisationComplete } = require('prefork-interp');
      const ways = { ${ways.map(([name, code]) => `'${name}': () => { ${code} }`).join()} };
      ${when === 'in initialisation' ? load : ''}
      process.stdout.write(initialisationComplete() ? 'forked' : 'plain');
      ${when === 'in initialisation' ? '' : load}
      ways[process.argv[2]]();`,
    );
    for (const [name] of [['natural end'], ...ways] as const) {
      const [plain, called] = await Promise.all([place.plain(script, [name]), place.script(script, [name])]);
      t.match(plain.stderr, /atexit handler\ndestructor\n$/, name);
      t.match(called.stdout, 'forked', name);
      const { code, signal, stderr } = plain;
      t.strictSame({ code: called.code, signal: called.signal, stderr: called.stderr }, { code, signal, stderr }, name);
    }
    t.equal(place.servers().length, 1);
  });
}
