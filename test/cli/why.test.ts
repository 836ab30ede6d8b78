/** `prefork why` tells what decides which server answers, and what others of the script differ in. */
import { type Place, prefork, test } from '../helpers/index.js';

interface Answer {
  readonly ident: string;
  readonly parts: readonly string[];
  readonly looks: { variables: string[]; directory: boolean; terminals: number[]; allVariables: boolean } | null;
  readonly plainly: string | null;
  readonly server: { pid: number; files: number } | null;
  readonly others: readonly { pid: number; ident: string; theirs: string[]; ours: string[] }[];
}

const TOOL = `import { initialisationComplete } from 'prefork-interp';
const thing = process.env.MY_THING;
initialisationComplete();
console.log(thing ?? null);`;

test('before the first call: the ident, no server, and nothing known of what it looks at', async (t, place) => {
  const script = tool(place, '#!/usr/bin/env -S prefork-interp -U node');
  const { answer, code } = await why(place, script);
  t.equal(code, 0);
  t.match(answer, { looks: null, plainly: null, server: null, others: [] });
  t.ok(answer.parts.includes(`script: ${script}`));
});

test('its server, what it looked at, and what the server of another world differs in', async (t, place) => {
  const script = tool(place, '#!/usr/bin/env -S prefork-interp -U node');
  await place.script(script);
  await place.script(script, [], { env: { MY_THING: 'a secret' } });
  const { answer, code } = await why(place, script);
  t.equal(code, 0);
  const server = place.servers().find(({ ident }) => ident === answer.ident);
  t.equal(answer.server?.pid, server?.pid);
  t.ok((answer.server?.files ?? 0) > 0);
  t.ok(answer.looks?.variables.includes('MY_THING'));
  t.equal(answer.looks?.directory, true);
  const [other, ...more] = answer.others;
  t.strictSame(more, []);
  t.match(other?.theirs, [/^environment: MY_THING, sha256 [0-9a-f]{8}$/]);
  t.strictSame(other?.ours, ['not in the environment: MY_THING']);

  const { answer: second } = await why(place, script, { MY_THING: 'a secret' });
  t.equal(second.ident, other?.ident);
  const { stdout, stderr } = await prefork(place, ['why', script, 'argument'], { env: { MY_THING: 'a secret' } });
  t.equal(stderr, '');
  t.match(stdout, `${script}: 2 servers; they and this call differ in MY_THING\nthis call would be answered by `);
  t.match(stdout, /\n\* .* MY_THING \([0-9a-f]{8}\)\n .* no MY_THING\n/);
  t.match(stdout, /\n {2}variables: .*MY_THING/);
  t.notMatch(stdout, 'a secret');
  t.ok(stdout.split('\n').length < 24, 'it is read at one screen');
  t.match((await prefork(place, ['why', '--all', script])).stdout, /\n {2}umask: |\n {2}script: /);
});

test('many servers: what they differ in comes first', async (t, place) => {
  const script = tool(place, '');
  for (const value of ['1', '2', '3', '4']) await place.script(script, [], { env: { MY_THING: value } });
  const { stdout } = await prefork(place, ['why', script], { env: { MY_THING: '5' } });
  t.match(stdout, /: 4 servers; they and this call differ in MY_THING\nthis call would start a server, /);
});

for (const [line, options] of [
  ['#!/usr/bin/env -S prefork-interp -U -G x node', ['-U', '-G', 'x', 'node']],
  ['#!/opt/bin/prefork-interp -U -G x node', ['-U -G x node']],
  ['#!/opt/bin/prefork-interp -U,-G,x,node', ['-U,-G,x,node']],
  ['#!/usr/bin/env node', ['-U', 'node']],
  ['', ['-U', 'node']],
] as const) {
  test(`a script that begins with ${JSON.stringify(line)}`, async (t, place) => {
    const script = tool(place, line);
    t.match(await place.call([...options, script]), { code: 0, stdout: 'null\n', stderr: '' });
    const { answer, code } = await why(place, script);
    t.strictSame([answer.server?.pid, code], [place.servers()[0]?.pid, 0]);
  });
}

test('why it cannot be forked', async (t, place) => {
  const open =
    "import { createServer } from 'node:net'; const s = createServer().listen(0); setTimeout(() => s.close(), 9);";
  const script = place.write('tool.mjs', `${open}\n${TOOL}`);
  await place.script(script);
  const { answer } = await why(place, script);
  t.match(answer, { server: null, plainly: /^it cannot be forked: .*tcp/ });
});

test('a script that is not there', async (t, place) => {
  t.match(await prefork(place, ['why', 'none.mjs']), {
    code: 2,
    stdout: '',
    stderr: /^prefork: cannot read none\.mjs: /,
  });
});

function tool(place: Place, line: string): string {
  return place.write('tool.mjs', `${line}\n${TOOL}`, 0o755);
}

async function why(
  place: Place,
  script: string,
  env: Record<string, string> = {},
): Promise<{ answer: Answer; code: number | null }> {
  const { code, stdout, stderr } = await prefork(place, ['why', '--json', script], { env });
  if (stderr !== '') throw new Error(stderr);
  return { answer: JSON.parse(stdout) as Answer, code };
}

test('where nothing but copied variables differ: how the script says that they do no harm', async (t, place) => {
  const copy = `import { initialisationComplete } from 'prefork-interp';
const copy = { ...process.env };
initialisationComplete();
console.log(Object.keys(copy).length > 0);`;
  const script = place.write('copies.mjs', copy);
  for (const GIT_AUTHOR_DATE of ['@1', '@2']) await place.script(script, [], { env: { GIT_AUTHOR_DATE } });
  const { stdout } = await prefork(place, ['why', script], { env: { GIT_AUTHOR_DATE: '@2' } });
  t.match(stdout, /\n {2}all variables, as it copied its environment/);
  t.match(stdout, '\nwhere these do no harm: initialisationComplete({ ignoreVariables: ["GIT_AUTHOR_DATE"] })\n');
});
