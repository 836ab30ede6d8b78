import { type Place, prefork, test, waitFor } from '../helpers/index.js';

const TOOL = `const { appendFileSync } = require('node:fs');
console.log('from initialisation');
process.on('exit', () => appendFileSync('seen', 'exit '));
OPEN
require('prefork-interp').initialisationComplete();
appendFileSync('seen', 'call ');
console.log('from the call');`;

function tool(place: Place, open = ''): string {
  place.write('seen', '');
  return place.write('tool.cjs', TOOL.replace('OPEN', open));
}

test('warm starts a server and runs nothing below the call; the next call is answered by it', async (t, place) => {
  const script = tool(place);
  const { code, stdout, stderr } = await prefork(place, ['warm', script], { input: 'for nobody' });
  t.strictSame({ code, stdout, stderr }, { code: 0, stdout: `${script} is warm\n`, stderr: 'from initialisation\n' });
  const [server] = place.servers();
  t.equal(place.read('seen'), '');
  t.match(await place.script(script), { code: 0, stdout: 'from the call\n', stderr: '' });
  t.equal(place.servers()[0]?.pid, server?.pid);
  t.equal(place.read('seen'), 'call exit ');

  t.match(await prefork(place, ['warm', script]), { code: 0, stdout: `${script} is warm\n`, stderr: '' });
  t.equal(place.servers()[0]?.pid, server?.pid, 'one that is there stays');
});

test('an edited script gets a new server', async (t, place) => {
  const script = tool(place);
  await prefork(place, ['warm', script]);
  const [before] = place.servers();
  tool(place, 'console.log("edited");');
  t.match(await prefork(place, ['warm', script]), { code: 0, stderr: 'from initialisation\nedited\n' });
  await waitFor('the old one to go', () => !place.servers().some(({ pid }) => pid === before?.pid));
  t.equal(place.servers().length, 1);
});

const cold: [name: string, open: string, env: Record<string, string>, why: RegExp][] = [
  [
    'a script that cannot be forked',
    "require('node:net').createServer().listen(0);",
    {},
    /is not warm: (it cannot be forked: )?tcp/,
  ],
  ['where it is switched off', '', { PREFORK_INTERP_DISABLE: '1' }, /is not warm: PREFORK_INTERP_DISABLE is set/],
  ['where Node is told to inspect', '', { NODE_OPTIONS: '--prof' }, /is not warm: it is not shared under/],
];
for (const [name, open, env, why] of cold) {
  test(`nothing below the call is run either: ${name}`, async (t, place) => {
    const script = tool(place, open);
    for (const _ of ['at first', 'with a marker'])
      t.match(await place.call(['--warm', '-U', 'node', script], { env }), { code: 1, stdout: '', stderr: why });
    await waitFor('what was started to go', () => place.processes().length === 0);
    t.equal(place.read('seen'), '');
  });
}

test('several scripts: one that is not there is a failure of its own', async (t, place) => {
  const script = tool(place);
  const { code, stdout, stderr } = await prefork(place, ['warm', script, place.write('other.cjs', 'process.exit(3)')]);
  t.equal(code, 1);
  t.equal(stdout, `${script} is warm\n`);
  t.match(stderr, /other\.cjs/);
  t.match(await prefork(place, ['warm', 'none.cjs']), { code: 2, stderr: /^prefork: cannot read none\.cjs/ });
});

test('restart ends a server and starts another, which answers the next call', async (t, place) => {
  const script = tool(place);
  await place.script(script);
  const [before] = place.servers();
  t.match(await prefork(place, ['restart', script]), {
    code: 0,
    stdout: `${script} (pid ${before?.pid}): left\n${script} is warm\n`,
    stderr: 'from initialisation\n',
  });
  const [after] = place.servers();
  t.not(after?.pid, before?.pid);
  t.match(await place.script(script), { stdout: 'from the call\n', stderr: '' });
  t.equal(place.servers()[0]?.pid, after?.pid);
  t.match(await prefork(place, ['restart']), {
    code: 2,
    stderr: 'prefork: restart: name a script or an ident, or give --all\n',
  });
});
