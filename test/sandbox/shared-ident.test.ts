/** Where the ident cannot tell both sides of a border apart, a call that meets a server of the other side runs plainly, with a line. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, type Result, test, waitFor } from '../helpers/index.js';
import { compileConfine, sandboxes, whyNot } from './sandboxes.js';

const folder = mkdtempSync('/tmp/pf-confine-');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const confine = compileConfine(folder);
const all = sandboxes(confine);
const [landlock, deeper] = [
  [confine, 'landlock'],
  [confine, 'landlock', 'landlock'],
];
const named = (tells: string) =>
  new RegExp(`the server that -g names is in another sandbox \\(/proc tells: ${tells}\\)`);
const within = (name: string) => all[name]?.inside ?? [];

/** Two sides, the launcher's options, and what a call of the one says of the server of the other. */
const borders: [name: string, one: readonly string[], other: readonly string[], options: string[], line: RegExp][] = [
  ['Landlock inside', landlock, [confine], [], /its server is outside of the sandbox that it is in \(Landlock\)/],
  ['Landlock outside', [confine], landlock, [], /its server is in a sandbox that it is not in \(Landlock\)/],
  ['a deeper Landlock domain', deeper, landlock, [], /its server is outside of the sandbox/],
  ['a domain beside another', landlock, landlock, [], /its server is outside of the sandbox/],
  ['no_new_privs inside', within('no_new_privs'), [], ['-g', 'one'], named('NoNewPrivs:')],
  ['no_new_privs outside', [], within('no_new_privs'), ['-g', 'one'], named('NoNewPrivs:')],
  ['a seccomp filter', within('a seccomp filter'), [confine], ['-g', 'one'], named('Seccomp:')],
  ['capabilities', within('a capability less'), [], ['-g', 'one'], named('CapBnd:')],
  ['a mount namespace', within('a mount namespace'), [], ['-g', 'one'], named('ns/mnt')],
  ['a user namespace', [], within('a user namespace'), ['-g', 'one'], named('.*')],
];

for (const [name, one, other, options, line] of borders) {
  test(
    `${name}: a call does not use the server of the other side, which goes on serving its own`,
    async (t, place) => {
      const script = place.fixture('tells-its-call.mjs');
      const call = (side: readonly string[]) => run(place, [...side, paths.launcher, '-U', ...options, 'node', script]);
      // The side that has the server stays: a domain left is never entered again.
      const shell = `"$@"; : >ready; until [ -e go ]; do sleep 0.02; done; "$@"`;
      const [program = '', ...args] = [
        ...other,
        'sh',
        '-c',
        shell,
        'sh',
        paths.launcher,
        '-U',
        ...options,
        'node',
        script,
      ];
      const server = place.startProgram(program, args);
      await waitFor('the server', () => existsSync(join(place.work, 'ready')));
      const met = await call(one);
      t.match(met, { code: 0, stdout: /"served":false/, stderr: line });
      t.match(met.stderr, /^prefork-interp: running \S+ plainly: [^\n]*\n$/);
      place.write('go', '');
      t.match(await server.ended, { code: 0, stdout: /^.*"served":true.*\n.*"served":true.*\n$/, stderr: '' });
      t.equal(place.read('initialised').split('\n').length, 3, 'the server, and the plain run');
    },
    { skip: whyNot(one) || whyNot(other) },
  );
}

test('-g is shared by who is confined alike', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  for (const side of [[], within('a capability less')]) {
    const calls = [...side, paths.launcher, '-U', '-g', `with-${side.length}`, 'node', script];
    for (const turn of ['first', 'second', 'third'])
      t.match(await run(place, calls), { code: 0, stdout: /"served":true/, stderr: '' }, turn);
  }
  t.equal(place.servers().length, 2);
});

function run(place: Place, command: readonly string[]): Promise<Result> {
  const [program = '', ...args] = command;
  return place.startProgram(program, args).ended;
}
