/** The library in a plain run: what a script sees of it, what it costs, and how it checks its options. */
import { test } from '../helpers/index.js';

const RUNS = 11;
const LIMIT_MS = 3;

const ways = [
  { way: 'import', file: 'script.mjs', load: (name: string) => `await import('${name}')` },
  { way: 'require', file: 'script.cjs', load: (name: string) => `require('${name}')` },
];

for (const { way, file, load } of ways) {
  test(`a plain run by ${way} is told false, sees no change, and loads no addon`, async (t, place) => {
    const script = place.write(
      file,
      `const look = () => JSON.stringify([Object.keys(globalThis), Object.keys(process), process.argv, process.listenerCount('exit')]);
       const before = look();
       const { initialisationComplete, autoreloadAlsoCheck } = ${load('prefork-interp')};
       autoreloadAlsoCheck('not-there', '/etc/passwd');
       const answers = [initialisationComplete(), initialisationComplete({ maxCalls: 3, spares: 1 })];
       const maps = (${load('node:fs')}).readFileSync('/proc/self/maps', 'utf8');
       console.log(answers.join(), before === look(), maps.includes('.node'), maps.includes('observer'));`,
    );
    const { code, stdout, stderr } = await place.plain(script);
    t.strictSame({ code, stdout, stderr }, { code: 0, stdout: 'false,false true false false\n', stderr: '' });
  });

  test(`the library costs a plain run by ${way} less than ${LIMIT_MS} ms`, async (t, place) => {
    for (const name of ['first', 'empty']) {
      place.write(
        `node_modules/${name}/package.json`,
        '{"type":"module","exports":{"import":"./index.js","require":"./index.cjs"}}',
      );
      place.write(`node_modules/${name}/index.js`, 'export const nothing = 0;\n');
      place.write(`node_modules/${name}/index.cjs`, 'exports.nothing = 0;\n');
    }
    // The first module pays for Node's own loader; the library is compared with the second. It is time on processors that is
    // counted, that of all threads: time on the clock belongs to whatever else the machine does.
    const script = place.write(
      file,
      `const now = () => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000;
       now();
       ${load('first')};
       const begin = now();
       ${load('empty')};
       const middle = now();
       (${load('prefork-interp')}).initialisationComplete();
       console.log(now() - middle - (middle - begin));`,
    );
    const costs: number[] = [];
    for (let run = 0; run < RUNS; run++) costs.push(Number((await place.plain(script)).stdout));
    costs.sort((a, b) => a - b);
    t.ok(costs.every(Number.isFinite));
    const median = costs[(RUNS - 1) / 2] ?? Number.NaN;
    t.ok(median < LIMIT_MS, `median of ${RUNS}: ${median.toFixed(2)} ms`);
  });
}

test('import and require share one state', async (t, place) => {
  const script = place.write(
    'both.mjs',
    `import { createRequire } from 'node:module';
     import * as imported from 'prefork-interp';
     const required = createRequire(import.meta.url)('prefork-interp');
     console.log(required.initialisationComplete(), imported.initialisationComplete(), process.argv[2]);`,
  );
  t.equal((await place.plain(script, ['x'])).stdout, 'false false x\n');
  await place.script(script, ['first']);
  const { stdout, stderr } = await place.script(script, ['later']);
  t.strictSame({ stdout, stderr }, { stdout: 'true true later\n', stderr: '' });
});

test('an inherited variable makes no program a server', async (t, place) => {
  const script = place.write(
    'plain.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     console.log(initialisationComplete());`,
  );
  for (const value of [
    '',
    'nonsense',
    'v1',
    'v1,1.000000000,node1:1 64,65,66,67',
    'v1,1.0 a,b',
    'v2,1.000000000 3,4,5,6',
  ]) {
    const { code, stdout, stderr } = await place.plain(script, [], { env: { PREFORK_INTERP: value } });
    t.strictSame({ code, stdout, stderr }, { code: 0, stdout: 'false\n', stderr: '' }, value);
  }
});

const wrongOptions: readonly [options: string, error: RegExp][] = [
  ['{ maxCalls: 0 }', /RangeError.*maxCalls/],
  ['{ maxCalls: 1.5 }', /RangeError.*maxCalls/],
  ['{ maxCalls: "4" }', /TypeError.*maxCalls/],
  ['{ maxCalls: NaN }', /RangeError.*maxCalls/],
  ['{ spares: 0 }', /RangeError.*spares/],
  ['{ spares: 64 }', /RangeError.*spares/],
  ['{ spares: null }', /TypeError.*spares/],
  ['{ idleTimeout: 0 }', /RangeError.*idleTimeout/],
  ['{ idleTimeout: -1 }', /RangeError.*idleTimeout/],
  ['{ idleTimeout: NaN }', /RangeError.*idleTimeout/],
  ['{ idleTimeout: 5n }', /TypeError.*idleTimeout/],
  ['{ autoreload: "no" }', /TypeError.*autoreload/],
  ['{ autoreloadExtra: "file" }', /TypeError.*autoreloadExtra/],
  ['{ autoreloadExtra: [1] }', /TypeError.*autoreloadExtra/],
];

const rightOptions = [
  '{}',
  'undefined',
  '{ maxCalls: 1, spares: 63, idleTimeout: 0.5 }',
  '{ idleTimeout: Infinity, autoreload: false, autoreloadExtra: ["a", "b"] }',
  '{ maxCalls: undefined }',
];

test('options are checked, in a plain run too', async (t, place) => {
  const script = place.write(
    'options.mjs',
    `import { autoreloadAlsoCheck, initialisationComplete } from 'prefork-interp';
     const attempt = (name, action) => {
       try {
         console.log(name + ' -> ' + action());
       } catch (error) {
         console.log(name + ' -> ' + error);
       }
     };
     ${wrongOptions.map(([options]) => `attempt(${JSON.stringify(options)}, () => initialisationComplete(${options}));`).join('\n')}
     ${rightOptions.map((options) => `attempt(${JSON.stringify(options)}, () => initialisationComplete(${options}));`).join('\n')}
     attempt('path', () => autoreloadAlsoCheck(1));`,
  );
  const { stdout, code } = await place.plain(script);
  t.equal(code, 0);
  const answers = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' -> ') as [string, string]),
  );
  for (const [options, error] of wrongOptions) t.match(answers.get(options), error, options);
  for (const options of rightOptions) t.equal(answers.get(options), 'false', options);
  t.match(answers.get('path'), /TypeError.*path/);
});
