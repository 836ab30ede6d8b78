/** Where there is no launcher for the machine: bin/prefork-interp takes its own options off and executes the interpreter. */
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Place, paths, type Result, test } from '../helpers/index.js';
import { needs } from '../install/needs.js';

const shells: [name: string, ...words: string[]][] = [['dash'], ['bash'], ['busybox', 'sh']];

/** What `uname -sm` says where the native parts do not run; undefined: there is no uname. */
const systems: Record<string, string | undefined> = {
  'macOS on arm64': 'Darwin arm64',
  'macOS on x64': 'Darwin x86_64',
  FreeBSD: 'FreeBSD amd64',
  NetBSD: 'NetBSD aarch64',
  'RISC-V': 'Linux riscv64',
  'a 32-bit ARM': 'Linux armv7l',
  'a system that has no uname': undefined,
};

const script = 'console.log(JSON.stringify([process.execArgv, process.argv.slice(2), process.env.LOGNAME]));';

/** Each in the three forms of the manual, and what is odd in them. SCRIPT stands for the script. */
const lines: string[][] = [
  ['-U', 'node', 'SCRIPT'],
  ['-U', 'node', 'SCRIPT', '', 'a  b', '*', '$x', '-n', '--', '--kill'],
  ['-U', '-E', 'LOGNAME', 'node', '--no-warnings', 'SCRIPT', 'Ada'],
  ['-U -E LOGNAME node --no-warnings', 'SCRIPT', 'Ada'],
  ['-U,-E,LOGNAME,node,--no-warnings', 'SCRIPT', 'Ada'],
  ['-UCf', 'node', '--no-warnings', '--title=a b', 'SCRIPT', '*'],
  ['-CUELOGNAME', '-Gx y', '-gname', 'node', 'SCRIPT'],
  ['-U', '-G', '-f', '-g', 'a', '-C', 'node', 'SCRIPT'],
  ['-U', '--', 'node', '--', 'SCRIPT', '-x'],
  ['-U  -G x  node   --no-warnings  --title=a,b', 'SCRIPT', 'a b'],
  ['-U,-G,x,node,,--no-warnings,,,--title=*,', 'SCRIPT', 'a,b'],
  ['-U,node,,,,--no-warnings', 'SCRIPT'],
  ['-U -G a,b node', 'SCRIPT'],
  ['-U ', 'node', 'SCRIPT'],
  ['-Ua b', 'node', 'SCRIPT'],
  ['-U', '-G'],
  ['-U -E', 'LOGNAME', 'node', 'SCRIPT'],
  ['node', 'SCRIPT'],
  ['-x', 'node', 'SCRIPT'],
  ['-U', '--nothing', 'node', 'SCRIPT'],
  ['-U'],
  [],
  ['-U node'],
  ['-U,node'],
  ['--version'],
  ['-U', '--kill', 'node', 'SCRIPT'],
  ['-U --kill node', 'SCRIPT'],
  ['-U,--kill,node', 'SCRIPT'],
];

for (const [name, ...words] of shells) {
  const skip = needs(name);
  test(
    `under ${name} each form of the command line runs as under the launcher`,
    async (t, place) => {
      const program = install(place, 'Darwin arm64');
      const path = place.write('s.mjs', script);
      for (const line of lines) {
        const args = line.map((word) => word.replace('SCRIPT', path));
        const env = { LOGNAME: 'me', PREFORK_INTERP_DISABLE: '1' };
        const expected = await place.call(args, { env });
        const found = await place.startProgram(name, [...words, program, ...args], { env }).ended;
        t.strictSame(told(found), told(expected), JSON.stringify(line));
      }
      t.strictSame(place.sockets(), []);
    },
    { skip },
  );

  for (const [system, says] of Object.entries(systems)) {
    test(
      `under ${name} on ${system} the script runs, and nothing is said`,
      async (t, place) => {
        const program = install(place, says);
        const path = place.write('s.mjs', script);
        const run = await place.startProgram(name, [...words, program, '-U', 'node', path, 'a']).ended;
        t.strictSame(told(run), { code: 0, stdout: '[[],["a"],null]\n', stderr: '' });
      },
      { skip },
    );
  }

  test(
    `under ${name} without prebuilds the script runs, and PREFORK_INTERP_DEBUG says why`,
    async (t, place) => {
      const program = install(place, 'Linux x86_64');
      rmSync(join(dirname(program), '..', 'prebuilds'), { recursive: true });
      const path = place.write('s.mjs', script);
      const start = (env: Record<string, string>) =>
        place.startProgram(name, [...words, program, '-U', 'node', '--no-warnings', path], { env }).ended;
      t.match(await start({}), { code: 0, stdout: '[["--no-warnings"],[],null]\n', stderr: '' });
      const said = await start({ PREFORK_INTERP_DEBUG: '1' });
      t.match(said, { code: 0, stdout: '[["--no-warnings"],[],null]\n' });
      t.match(
        said.stderr,
        /^prefork-interp: running .*\/s\.mjs plainly: there is no launcher for this machine in .*\n$/,
      );
    },
    { skip },
  );

  test(
    `under ${name} what needs a launcher, and a missing interpreter, are a line each`,
    async (t, place) => {
      const program = install(place, 'FreeBSD amd64');
      const start = (...args: string[]) => place.startProgram(name, [...words, program, ...args]).ended;
      for (const option of ['--explain', '--explain=3']) {
        const { code, stdout, stderr } = await start('-U', option, 'node', 's.mjs');
        t.strictSame([code, stdout], [127, '']);
        t.equal(stderr, 'prefork-interp: there is no launcher for this machine, and so no server to explain\n');
      }
      const none = await start('-U', 'nonode', 's.mjs');
      t.strictSame([none.code, none.stdout], [127, '']);
      t.equal(none.stderr, 'prefork-interp: cannot run the interpreter, nonode: it was not found\n');
      const help = await start('--help');
      t.match(help, { code: 0, stdout: /^usage: prefork-interp \[option/, stderr: '' });
    },
    { skip },
  );
}

test('a signal, a status and standard streams are those of the script', async (t, place) => {
  const program = install(place, 'Darwin arm64');
  const path = place.write(
    's.mjs',
    "process.stdin.pipe(process.stdout).on('finish', () => {}); process.stdin.on('end', () => process.exit(7));",
  );
  t.match(await place.startProgram(program, ['-U', 'node', path], { input: 'text' }).ended, {
    code: 7,
    stdout: 'text',
    stderr: '',
  });
  const killed = place.write('k.mjs', "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 9);");
  t.match(await place.startProgram(program, ['-U', 'node', killed]).ended, { signal: 'SIGTERM', stderr: '' });
});

/** The two ways that the guide shows, for scripts that have to run where prefork-interp is not in PATH. */
const guide = readFileSync(join(paths.packageRoot, 'docs', 'guide.md'), 'utf8');
const [, polyglot = ''] = /```js\n(#!\/bin\/sh\n':' .*\n)```/.exec(guide) ?? [];
const [, wrapper = ''] = /```\n(#!\/bin\/sh\nif (?:.*\n)*?)```/.exec(guide) ?? [];
for (const [name, ...words] of shells) {
  test(
    `under ${name} what the guide shows falls back to node, and uses a launcher where there is one`,
    async (t, place) => {
      const [, ...rest] = readFileSync(join(paths.fixtures, 'tells-its-start.mjs'), 'utf8').split('\n');
      const both = place.write('both.mjs', polyglot + rest.join('\n'));
      const script = place.fixture('tells-its-start.mjs');
      const calls = place.write('calls', wrapper.replaceAll('/path/of/greet.mjs', script));
      for (const [program, library] of [
        [both, both],
        [calls, script],
      ] as const) {
        const start = (env: Record<string, string>) =>
          place.startProgram(`/bin/${name}`, [...words, program, 'a  b'], { env }).ended;
        const without = await start({ PATH: join(place.root, 'bin') });
        t.match(without, { code: 0, stderr: '' }, program);
        t.match(JSON.parse(without.stdout), { forked: false, arguments: ['a  b'] });
        const env = { PATH: `${join(paths.packageRoot, 'bin')}:${place.env.PATH}` };
        const [cold, warm] = [await start(env), await start(env)];
        t.match(cold, { code: 0, stderr: '' });
        t.match(JSON.parse(cold.stdout), { forked: true, arguments: ['a  b'] });
        t.equal(warm.stdout, cold.stdout, library);
      }
      t.match(await place.plain(both, ['a  b']), { code: 0, stderr: '', stdout: /"forked":false/ });
    },
    { skip: needs(name) },
  );
}

function told({ code, stdout, stderr }: Result): object {
  return { code, stdout, stderr };
}

/**
 * A package with launchers for both machines, which no other system must try to run, in a world where the kernel does not tell its
 * architecture and `uname -sm` says what is given.
 */
function install(place: Place, system: string | undefined): string {
  const folder = join(place.root, 'package');
  const program = join(folder, 'bin', 'prefork-interp');
  const bin = join(place.root, 'bin');
  cpSync(join(paths.packageRoot, 'bin'), dirname(program), { recursive: true });
  copyFileSync(join(paths.packageRoot, 'package.json'), join(folder, 'package.json'));
  for (const machine of ['linux-x64', 'linux-arm64']) {
    const launcher = join(folder, 'prebuilds', machine, 'prefork-interp');
    mkdirSync(dirname(launcher), { recursive: true });
    writeFileSync(launcher, 'echo "a launcher was run as a shell script"\n', { mode: 0o755 });
  }
  const source = readFileSync(program, 'utf8');
  writeFileSync(program, source.replace('/proc/sys/kernel/arch', join(place.root, 'absent')));
  const uname = join(bin, 'uname');
  writeFileSync(
    uname,
    system === undefined ? '#!/bin/sh\nexit 127\n' : `#!/bin/sh\n[ "$*" = -sm ] && echo '${system}'\n`,
  );
  chmodSync(uname, 0o755);
  return program;
}
