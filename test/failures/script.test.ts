import { existsSync, readdirSync, rmSync } from 'node:fs';
import { type Place, test, waitFor } from '../helpers/index.js';
import { launcherLines, told } from '../launcher/tell.js';

/** Notes that it runs, so that a test can count. */
const note = "import { appendFileSync } from 'node:fs'; appendFileSync(new URL('ran', import.meta.url), 'x');\n";
const library = "import { initialisationComplete } from 'prefork-interp';\n";

function runs(place: Place): number {
  return existsSync(`${place.work}/ran`) ? place.read('ran').length : 0;
}

test('a script that is missing or no file ends as in a plain run, without a word of the launcher', async (t, place) => {
  for (const script of ['absent.mjs', '/no/such/folder/script.mjs', place.work]) {
    for (const option of ['-U', '-Uf']) {
      const plain = await place.plain(script, ['a']);
      const called = await place.call([option, 'node', script, 'a']);
      t.strictSame([called.code, called.stdout], [plain.code, plain.stdout], script);
      t.equal(lastError(called.stderr), lastError(plain.stderr), script);
      t.ok(launcherLines(called.stderr).length <= 1, script);
    }
  }
  t.equal(
    (await place.script('absent.mjs')).stderr,
    (await place.plain('absent.mjs')).stderr,
    'missing: nothing added',
  );
  t.strictSame(place.sockets(), []);
});

test('a script that was removed while it had a server is missing', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  t.equal(told(await place.script(script)).served, true);
  rmSync(script);
  const result = await place.script(script);
  t.equal(result.code, 1);
  t.match(result.stderr, /Cannot find module/);
  await waitFor('the server to go', () => place.processes().length === 0);
});

/** Initialisations that fail: their end is the call's, and what they wrote is there. */
const failures: [name: string, body: string, lines: number][] = [
  ['a syntax error', `${library}initialisationComplete();\nlet let = ;\n`, 1],
  ['an exception', `${note}${library}throw new TypeError('not today');\n`, 1],
  ['an exception that is no error', `${note}${library}throw 'a string';\n`, 1],
  [
    'an unhandled rejection',
    `${note}${library}Promise.reject(new Error('nobody')); await new Promise((r) => setTimeout(r, 1000));\n`,
    1,
  ],
  ['an import that is missing', `${note}${library}import './absent.mjs';\n`, 1],
  ['an import with an error', `${note}import './thrower.mjs';\n${library}`, 1],
  ['an exit with a status', `${note}${library}process.exit(3);\n`, 1],
  ['an exit code', `${note}${library}process.exitCode = 77;\n`, 1],
  ['await without end', `${note}${library}await new Promise(() => {}); initialisationComplete();\n`, 1],
  ['wrong options', `${note}${library}initialisationComplete({ spares: 'two' });\n`, 1],
  ['an option out of range', `${note}${library}initialisationComplete({ spares: 64 });\n`, 1],
  [
    'a signal',
    `${note}${library}process.kill(process.pid, 'SIGTERM'); await new Promise((r) => setTimeout(r, 1000));\n`,
    1,
  ],
];
for (const [name, body, lines] of failures) {
  test(`initialisation ends with ${name}: as in a plain run, having run once`, async (t, place) => {
    place.write('thrower.mjs', "throw new RangeError('in an import');\n");
    const script = place.write('fails.mjs', body);
    const plain = await place.plain(script, ['a']);
    const before = runs(place);
    for (const call of [1, 2]) {
      const called = await place.script(script, ['a']);
      t.match(called, { code: plain.code, signal: plain.signal, stdout: '' });
      const own = launcherLines(called.stderr);
      t.equal(called.stderr.replace(`${own.join('\n')}\n`, ''), plain.stderr, 'with its stack');
      t.equal(own.length, lines);
      t.match(own[0], /before calling initialisationComplete\(\); its output went to stderr; it is not run again/);
      t.equal(runs(place), before * (1 + call), 'it has run, and is not run again');
    }
    t.strictSame(readdirSync(place.runDirectory), [], 'nothing is left behind');
    place.write('fails.mjs', `${library}process.exitCode = initialisationComplete() ? 0 : 1;\n`);
    t.match(await place.script(script), { code: 0, stderr: '' }, 'mended, it is served');
  });
}

/** Scripts that end well, but never say that their initialisation is complete: status 127, since what they wrote went astray. */
const silent: [name: string, body: string][] = [
  ['does not know the library', ''],
  ['does not call it', library],
  ['calls it too late', `${library}setTimeout(() => process.exit(0), 20);\n`],
  ['exits with 0', `${library}process.exit(0);\ninitialisationComplete();\n`],
];
for (const [name, body] of silent) {
  test(`a script that ${name} has run once; one line, and 127`, async (t, place) => {
    const script = place.write('silent.mjs', `${note}console.log('out');\nconsole.error('err');\n${body}`);
    for (const option of ['-U', '-Uf', '-U']) {
      rmSync(`${place.work}/ran`, { force: true });
      const called = await place.call([option, 'node', script]);
      t.match(called, { code: 127, signal: null, stdout: '' });
      const [line, ...more] = launcherLines(called.stderr);
      t.match(line, /silent\.mjs ended with status 0 before calling initialisationComplete\(\); .*not run again$/);
      t.strictSame(more, []);
      t.equal(called.stderr, `out\nerr\n${line}\n`);
      t.equal(runs(place), 1);
      t.strictSame(readdirSync(place.runDirectory), []);
    }
  });
}

test('a script that says nothing, but leaves a process with its output: the call ends at once', async (t, place) => {
  const script = place.write(
    'leaves.mjs',
    `import { spawn } from 'node:child_process';
    spawn('sleep', ['3'], { stdio: 'inherit', detached: true }).unref();`,
  );
  const call = place.start(['-U', 'node', script]);
  t.match(await call.exited, { code: 127 });
  await call.ended;
});

/** The line that names the error; what stands around it names files of Node's own. */
function lastError(stderr: string): string | undefined {
  return stderr.split('\n').findLast((line) => /^\w*Error/.test(line));
}
