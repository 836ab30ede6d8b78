/** The process that is to be the first call ends before it has greeted its client: then nothing of the call has run. */
import { type Place, paths, test } from '../helpers/index.js';
import { initialisations, launcherLines, theServer, told } from '../launcher/tell.js';

/** As a script that is told in `dies` what its processes do in the moment in which they would greet, a line each; then they live. */
function write(place: Place): string {
  return place.write(
    'dies.mjs',
    `import { appendFileSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
     import { createRequire } from 'node:module';
     appendFileSync(new URL('initialised', import.meta.url), 'x\\n');
     const { initialisationComplete } = await import('prefork-interp');
     const addon = createRequire(import.meta.url)(${JSON.stringify(paths.addon)});
     const { awaitCall } = addon;
     addon.awaitCall = () => {
       const [first, ...rest] = readFileSync(new URL('dies', import.meta.url), 'utf8').split('\\n').filter(Boolean);
       if (first !== 'always') writeFileSync(new URL('dies', import.meta.url), rest.join('\\n'));
       // Until it is a call, process.pid is its server's.
       if (first === 'with its server') process.kill(process.pid, 'SIGKILL');
       if (first) process.kill(Number(readlinkSync('/proc/self')), 'SIGKILL');
       return awaitCall();
     };
     const served = initialisationComplete();
     process.stdout.write(JSON.stringify({ served, argv: process.argv, pid: process.pid }));`,
  );
}

for (const option of ['-U', '-Uf']) {
  test(`it alone: the server that is there answers (${option})`, async (t, place) => {
    const script = write(place);
    place.write('dies', 'alone\n');
    const result = await place.call([option, 'node', script, 'a']);
    t.match(told(result), { served: true, argv: { 2: 'a' } });
    t.equal(result.stderr, '');
    t.equal(initialisations(place), 1);
    const { pid } = theServer(place);
    t.match(told(await place.script(script)), { served: true });
    t.equal(theServer(place).pid, pid, 'the same serves the next call');
  });
}

test('together with its server: another is started', async (t, place) => {
  const script = write(place);
  place.write('dies', 'with its server\n');
  const result = await place.script(script, ['a']);
  t.match(told(result), { served: true, argv: { 2: 'a' } });
  t.equal(result.stderr, '');
  t.equal(initialisations(place), 2);
});

test('always, with its server: after three servers the script runs plainly, with a line', async (t, place) => {
  const script = write(place);
  place.write('dies', 'with its server\n'.repeat(100));
  const result = await place.script(script, ['a']);
  t.match(told(result), { served: false, argv: { 2: 'a' } });
  t.strictSame(launcherLines(result.stderr), [
    `prefork-interp: running ${script} plainly: no server stayed long enough to answer`,
  ]);
  t.equal(initialisations(place), 4);
});

test('always: within the time that a call waits the script runs plainly, with a line', async (t, place) => {
  const script = write(place);
  place.write('dies', 'always\n');
  const result = await place.script(script, ['a'], { env: { PREFORK_INTERP_WAIT: '1' } });
  t.match(told(result), { served: false, argv: { 2: 'a' } });
  t.match(launcherLines(result.stderr), [/^prefork-interp: running \S+ plainly: no server /]);
});
