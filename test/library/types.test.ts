/** The types that a consumer's compiler finds, by import and by require. */
import { join } from 'node:path';
import { type Place, paths, test } from '../helpers/index.js';

const good = `
import { autoreloadAlsoCheck, initialisationComplete, type Options } from 'prefork-interp';
const options: Options = { maxCalls: 4, spares: 2, idleTimeout: 60, autoreload: true, autoreloadExtra: ['a'] };
const forked: boolean = initialisationComplete(options);
initialisationComplete();
const nothing: void = autoreloadAlsoCheck('a', 'b');
export { forked, nothing };
`;

const bad: readonly string[] = [
  `initialisationComplete({ spare: 2 });`,
  `initialisationComplete({ maxCalls: '4' });`,
  `const text: string = initialisationComplete();`,
  `autoreloadAlsoCheck(1);`,
];

for (const [way, file] of [
  ['import', 'consumer.mts'],
  ['require', 'consumer.cts'],
] as const) {
  test(`types by ${way}`, async (t, place) => {
    place.write(file, good);
    const { code, stdout } = await compile(place, file);
    t.strictSame({ code, stdout }, { code: 0, stdout: '' });
    place.write(
      file,
      `import { autoreloadAlsoCheck, initialisationComplete } from 'prefork-interp';\n${bad.join('\n')}\nexport {};\n`,
    );
    const wrong = await compile(place, file);
    const lines = [...wrong.stdout.matchAll(/\((\d+),\d+\): error TS/g)].map((match) => Number(match[1]));
    t.strictSame(
      lines,
      bad.map((_, i) => i + 2),
      wrong.stdout,
    );
  });
}

function compile(place: Place, file: string) {
  const tsc = join(paths.packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['--strict', '--noEmit', '--module', 'node16', '--target', 'es2022', '--pretty', 'false'];
  return place.startProgram(process.execPath, [tsc, ...options, file], { limitMs: 60_000 }).ended;
}
