/** An addon that cannot be loaded is no reason for a script not to run. */
import { cpSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, test } from '../helpers/index.js';
import { launcherLines } from '../launcher/tell.js';

const faults: [name: string, damage: (addon: string) => void, reason: RegExp][] = [
  ['missing', (addon) => rmSync(addon), /no such file/i],
  ['cut in half', (addon) => truncateSync(addon, statSync(addon).size / 2), /prefork-interp\.node is cut short$/],
  ['without its last byte', (addon) => truncateSync(addon, statSync(addon).size - 1), /is cut short$/],
  ['empty', (addon) => truncateSync(addon, 0), /is cut short$/],
  ['another file', (addon) => writeFileSync(addon, 'text '.repeat(1000)), /is cut short$|invalid ELF header/],
];
for (const [name, damage, reason] of faults) {
  test(`with an addon that is ${name} the script runs plainly, with a line`, async (t, place) => {
    damage(copyPackage(place));
    const script = place.write(
      'script.cjs',
      `process.on('exit', () => require('fs').appendFileSync('ended', 'x'));
       const { initialisationComplete } = require('prefork-interp');
       const served = initialisationComplete();
       console.log(served, process.argv[2], require('fs').readFileSync(0, 'utf8'));
       process.exitCode = 7;`,
    );
    const lines: string[] = [];
    for (const argument of ['first', 'second']) {
      const { code, signal, stdout, stderr } = await place.script(script, [argument], { input: 'fed' });
      t.strictSame({ code, signal, stdout }, { code: 7, signal: null, stdout: `false ${argument} fed\n` });
      lines.push(...launcherLines(stderr));
    }
    t.equal(lines.length, 1, 'the same reason is told once');
    t.match(lines[0], /^prefork-interp: running \S*script\.cjs plainly: it was refused: its addon cannot be loaded: /);
    t.match(lines[0], reason);
    t.equal(place.read('ended'), 'xx', 'exit listeners belong to calls');
    t.strictSame(place.servers(), []);
  });
}

test('under --no-addons, also in NODE_OPTIONS, the script runs plainly, with a line', async (t, place) => {
  const script = place.write(
    'script.cjs',
    "console.log(require('prefork-interp').initialisationComplete(), process.argv[2]);",
  );
  const inVariable = await place.script(script, ['a'], { env: { NODE_OPTIONS: '--no-addons' } });
  t.match(inVariable, {
    code: 0,
    stdout: 'false a\n',
    stderr: /it is not shared under --no-addons in NODE_OPTIONS\n$/,
  });
  const inWords = await place.call(['-U', 'node', '--no-addons', script, 'a']);
  t.match(inWords, { code: 0, stdout: 'false a\n', stderr: /it is not shared under --no-addons\n$/ });
});

/** The library's package is another than the launcher's. Returns the path of its addon. */
function copyPackage(place: Place): string {
  const copy = join(place.work, 'node_modules', 'prefork-interp');
  rmSync(copy);
  for (const name of ['package.json', 'dist', 'prebuilds'])
    cpSync(join(paths.packageRoot, name), join(copy, name), { recursive: true });
  return join(copy, 'prebuilds', `linux-${process.arch}`, 'prefork-interp.node');
}
