/** Every kind of script: CommonJS, ES modules, TypeScript, and ways to load the library. */
import { execFileSync } from 'node:child_process';
import type { Test } from 'tap';
import { type Place, paths, test, waitFor } from '../helpers/index.js';

/** They log when they are initialised, so that it shows that this happens once. */
const LOG = "appendFileSync('log', 'initialised\\n');";
const scripts: [name: string, source: string][] = [
  [
    'commonjs.cjs',
    `const { appendFileSync } = require('fs');
     const { initialisationComplete } = require('prefork-interp');
     ${LOG}
     console.log(initialisationComplete(), process.argv[2], require.main === module);`,
  ],
  [
    'commonjs.js',
    `const { appendFileSync } = require('fs');
     ${LOG}
     if (require.main === module) {
       const forked = require('prefork-interp').initialisationComplete();
       setImmediate(() => console.log(forked, process.argv[2], true));
     }`,
  ],
  [
    'module.mjs',
    `import { appendFileSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     ${LOG}
     console.log(initialisationComplete(), process.argv[2], true);`,
  ],
  [
    'awaits.mjs',
    `import { appendFileSync } from 'node:fs';
     import { readFile } from 'node:fs/promises';
     import { setTimeout as delay } from 'node:timers/promises';
     import { initialisationComplete } from 'prefork-interp';
     await delay(5);
     await readFile(import.meta.filename ?? process.argv[1]);
     const { basename } = await import('node:path');
     ${LOG}
     const forked = initialisationComplete();
     await delay(5);
     await readFile(process.argv[1]);
     console.log(forked, process.argv[2], basename(import.meta.url) === 'awaits.mjs');`,
  ],
  [
    'in-a-promise.mjs',
    `import { appendFileSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     async function main() {
       await null;
       ${LOG}
       const forked = initialisationComplete();
       await null;
       console.log(forked, process.argv[2], true);
     }
     main();`,
  ],
  [
    'in-a-timer.cjs',
    `const { appendFileSync } = require('fs');
     const { initialisationComplete } = require('prefork-interp');
     setTimeout(() => {
       ${LOG}
       console.log(initialisationComplete(), process.argv[2], true);
     }, 5);`,
  ],
  [
    'imported-late.cjs',
    `const { appendFileSync } = require('fs');
     import('prefork-interp').then(({ initialisationComplete }) => {
       ${LOG}
       console.log(initialisationComplete(), process.argv[2], true);
     });`,
  ],
  [
    'timers.mjs',
    `import { appendFileSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     ${LOG}
     let ticks = 0;
     const timer = setInterval(() => ticks++, 5);
     const forked = initialisationComplete();
     setTimeout(() => {
       clearInterval(timer);
       console.log(forked, process.argv[2], ticks > 1);
     }, 60);`,
  ],
  [
    'two-copies.mjs',
    `import { appendFileSync } from 'node:fs';
     import { createRequire } from 'node:module';
     import { initialisationComplete } from 'prefork-interp';
     const required = createRequire(import.meta.url)('prefork-interp');
     ${LOG}
     const same = required.initialisationComplete !== initialisationComplete;
     const results = [required.initialisationComplete(), initialisationComplete(), required.initialisationComplete()];
     console.log(results[0], process.argv[2], same && results.every((one) => one === results[0]));`,
  ],
];
for (const [name, source] of scripts) {
  test(`${name} is served`, async (t, place) => {
    const script = place.write(name, source);
    for (const call of ['first', 'second', 'third']) {
      const { code, stdout, stderr } = await place.script(script, [call]);
      t.strictSame({ code, stdout, stderr }, { code: 0, stdout: `true ${call} true\n`, stderr: '' });
    }
    t.equal(place.read('log'), 'initialised\n', 'initialised once');
    t.match(await place.plain(script, ['plain']), { stdout: 'false plain true\n', stderr: '' });
  });
}

const [major = 0] = execFileSync(paths.nodeUnderTest, ['-p', 'process.versions.node'], { encoding: 'utf8' })
  .split('.')
  .map(Number);
const noTypes = major < 22 && `Node ${major} does not strip types`;

// From 22 on Node itself gets along with it, to the end of the script.
const noTampering = major < 22 && `Node ${major} itself fails without iterators of arrays`;
test('a script that has spoilt the built-in prototypes is served', tampered, { skip: noTampering });

test('TypeScript is served', typescript, { skip: noTypes });

async function tampered(t: Test, place: Place): Promise<void> {
  const script = place.write(
    'tampered.cjs',
    `const { initialisationComplete } = require('prefork-interp');
     for (const name of ['map', 'splice', 'forEach']) delete Array.prototype[name];
     delete Array.prototype[Symbol.iterator];
     Object.prototype.odd = 'odd';
     const forked = initialisationComplete({ autoreloadExtra: ['extra'] });
     process.stdout.write(forked + ' ' + process.argv[2] + '\\n');`,
  );
  t.match(await place.plain(script, ['plain']), { code: 0, stdout: 'false plain\n' });
  for (const call of ['first', 'second'])
    t.match(await place.script(script, [call]), { code: 0, stdout: `true ${call}\n`, stderr: '' });
}

async function typescript(t: Test, place: Place): Promise<void> {
  place.write('answer.ts', 'export const answer: number = 42;');
  const script = place.write(
    'typed.ts',
    `import { initialisationComplete, type Options } from 'prefork-interp';
     import { answer } from './answer.ts';
     const options: Options = { spares: 1 };
     const forked: boolean = initialisationComplete(options);
     console.log(forked, process.argv[2] as string, answer satisfies number);`,
  );
  place.write('package.json', '{"type":"module"}');
  for (const call of ['first', 'second'])
    t.match(await place.script(script, [call]), { code: 0, stdout: `true ${call} 42\n` });
  t.equal(place.servers().length, 1);
}

test('exit handlers and signal handlers of a script run in calls only', async (t, place) => {
  const script = place.write(
    'handlers.mjs',
    `import { appendFileSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     const note = (what) => appendFileSync('handled', what + ' in ' + process.pid + '\\n');
     process.on('exit', () => note('exit'));
     process.on('beforeExit', () => note('beforeExit'));
     for (const name of ['SIGHUP', 'SIGUSR2', 'SIGTERM', 'SIGINT', 'SIGCHLD', 'SIGPIPE']) process.on(name, () => note(name));
     initialisationComplete();
     console.log(process.pid);
     if (process.argv[2]) process.kill(process.pid, process.argv[2]);
     setTimeout(() => {}, 50);`,
  );
  const expected: string[] = [];
  for (const [signal, server] of [
    ['SIGHUP', 'SIGUSR2'],
    ['SIGUSR2', 'SIGHUP'],
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
  ] as const) {
    for (const call of ['first', 'second']) {
      const { code, stdout, stderr } = await place.script(script, [signal]);
      t.strictSame({ code, stderr }, { code: 0, stderr: '' }, `${signal}, ${call} call`);
      for (const what of [signal, 'beforeExit', 'exit']) expected.push(`${what} in ${stdout.trim()}`);
    }
    const [{ pid } = { pid: 0 }] = place.servers();
    process.kill(pid, 'SIGPIPE');
    process.kill(pid, 'SIGCHLD');
    t.match(await place.script(script), { code: 0 }, 'the server has taken no notice');
    process.kill(pid, server);
    await waitFor('the server to go', () => place.processes().length === 0);
  }
  const lines = place.read('handled').trim().split('\n');
  t.strictSame(
    lines.filter((line) => /SIG/.test(line)),
    expected.filter((line) => /SIG/.test(line)),
  );
  t.equal(lines.filter((line) => line.startsWith('exit')).length, 12, 'once for each call');
});
