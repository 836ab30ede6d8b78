/** maxCalls, idleTimeout, and scripts that call themselves. */
import { type Place, paths, test, waitFor } from '../helpers/index.js';

test('a call beyond maxCalls waits for one before it to end', async (t, place) => {
  const script = waiting(place, '{ maxCalls: 2 }');
  const first = place.start(['-U', 'node', script, 'a']);
  await waitFor('the first call', () => first.stdout().includes('a true'));
  const second = place.start(['-U', 'node', script, 'b']);
  await waitFor('the second call', () => second.stdout().includes('b true'));
  const beyond = ['c', 'd', 'e'].map((name) => place.start(['-U', 'node', script, name]));
  for (const name of ['c', 'd', 'e']) place.write(`${name}.go`, '');
  // A call that cannot have waited for those beyond, since these wait for the two that run.
  const other = place.write(
    'other.mjs',
    `import { initialisationComplete } from 'prefork-interp'; initialisationComplete();`,
  );
  for (let i = 0; i < 5; i++) t.match(await place.script(other), { code: 0 });
  t.strictSame(
    beyond.map((one) => one.stdout()),
    ['', '', ''],
    'they have not begun',
  );
  place.write('b.go', '');
  t.match(await second.ended, { code: 0, stderr: '' });
  for (const one of beyond) t.match(await one.ended, { code: 0, stdout: /^[cde] true \d+\n$/, stderr: '' });
  t.notMatch(first.stdout(), /ended/);
  place.write('a.go', '');
  t.match(await first.ended, { code: 0, stdout: /^a true/, stderr: '' });
});

test('with maxCalls 1 calls run one after the other, each in a process of its own', async (t, place) => {
  const script = place.write(
    'alone.mjs',
    `import { appendFileSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     initialisationComplete({ maxCalls: 1 });
     appendFileSync('log', 'begin\\n');
     setTimeout(() => appendFileSync('log', 'end\\n'), 10);`,
  );
  const results = await Promise.all(Array.from({ length: 8 }, () => place.script(script)));
  t.ok(results.every(({ code, stderr }) => code === 0 && stderr === ''));
  t.equal(place.read('log'), 'begin\nend\n'.repeat(8));
});

test('a call beyond maxCalls that has waited PREFORK_INTERP_WAIT runs plainly, with a line', async (t, place) => {
  const script = waiting(place, '{ maxCalls: 1 }');
  const first = place.start(['-U', 'node', script, 'a']);
  await waitFor('the first call', () => first.stdout().includes('a true'));
  place.write('b.go', '');
  const begun = performance.now();
  const second = await place.script(script, ['b'], { env: { PREFORK_INTERP_WAIT: '1' } });
  const waited = performance.now() - begun;
  t.match(second, { code: 0, stdout: /^b false/, stderr: /^prefork-interp: running .* plainly: .*\n$/ });
  t.ok(waited >= 1000, `it waited ${waited} ms`);
  place.write('a.go', '');
  t.match(await first.ended, { code: 0, stdout: /^a true/ });
  t.match(await place.script(script, ['b']), { code: 0, stdout: /^b true/, stderr: '' }, 'then calls are served again');
});

test('a script that calls itself five deep is served without a limit', async (t, place) => {
  const script = place.fixture('calls-itself.mjs');
  for (const call of ['first', 'second']) {
    const { code, stdout, stderr } = await place.script(script, ['5', paths.launcher]);
    const expected = '5 true\n4 true\n3 true\n2 true\n1 true\n';
    t.strictSame({ code, stdout, stderr }, { code: 0, stdout: expected, stderr: '' }, `${call} call`);
  }
  t.equal(place.servers().length, 1);
});

test('a script that calls itself beyond its limit still ends', async (t, place) => {
  place.fixture('calls-itself.mjs');
  const limited = place
    .read('calls-itself.mjs')
    .replace('initialisationComplete()', 'initialisationComplete({ maxCalls: 2 })');
  const script = place.write('limited.mjs', limited);
  const { code, stdout, stderr } = await place.script(script, ['3', paths.launcher], {
    env: { PREFORK_INTERP_WAIT: '1' },
  });
  t.strictSame({ code, stdout }, { code: 0, stdout: '3 true\n2 true\n1 false\n' });
  t.match(stderr, /^prefork-interp: running .* plainly: [^\n]*\n$/);
});

test('an idle server leaves, with all that belongs to it, and the next call is answered', async (t, place) => {
  const script = waiting(place, '{ idleTimeout: 0.4 }');
  place.write('a.go', '');
  for (const call of ['first', 'second']) {
    t.match(await place.script(script, ['a']), { code: 0, stdout: /^a true/, stderr: '' }, `${call} call`);
    await waitFor('all to go', () => place.processes().length === 0);
    t.strictSame(
      place.read('ended').trim().split('\n').length,
      call === 'first' ? 1 : 2,
      'exit handlers belong to calls',
    );
  }
});

test('a call that takes longer than idleTimeout keeps its server', async (t, place) => {
  const script = waiting(place, '{ idleTimeout: 0.2 }');
  const long = place.start(['-U', 'node', script, 'a']);
  const pid = Number((await waitFor('the call', () => /a true (\d+)/.exec(long.stdout())))[1]);
  place.write('b.go', '');
  await new Promise((resolve) => setTimeout(resolve, 600));
  t.match(await place.script(script, ['b']), { stdout: `b true ${pid}\n` }, 'the same server');
  place.write('a.go', '');
  t.match(await long.ended, { code: 0 });
});

test('a server that is called more often than its idleTimeout stays', async (t, place) => {
  const script = waiting(place, '{ idleTimeout: 1.5 }');
  place.write('a.go', '');
  const servers = new Set<string>();
  const end = performance.now() + 3000;
  while (performance.now() < end) servers.add((await place.script(script, ['a'])).stdout);
  t.equal(servers.size, 1);
});

/** Says its name, whether it was forked, and its server's pid; goes on until there is a file NAME.go. */
function waiting(place: Place, options: string): string {
  return place.write(
    'waiting.mjs',
    `import { appendFileSync, existsSync, readFileSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     process.on('exit', () => appendFileSync('ended', process.argv[2] + '\\n'));
     const forked = initialisationComplete(${options});
     const name = process.argv[2];
     const stat = readFileSync('/proc/' + process.ppid + '/stat', 'latin1');
     console.log(name, forked, stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
     const timer = setInterval(() => { if (existsSync(name + '.go')) clearInterval(timer); }, 10);`,
  );
}
