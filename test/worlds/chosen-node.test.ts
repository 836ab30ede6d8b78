/** `node` may be a program that chooses one: each call gets the Node of its own directory, and of the file that says so now. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, test } from '../helpers/index.js';

/** Of programs, by their path: see put. */
const copies = new Map<string, string>();

/** How it becomes what it has chosen: `path` is that Node, `v` its arguments. */
const becomes = {
  execv: 'execv(path, v)',
  execve: 'execve(path, v, environ)',
  execvp: 'execvp(path, v)',
  execvpe: 'execvpe(path, v, environ)',
  'execvp, found by PATH': 'setenv("PATH", dirname(path), 1), execvp("node", v)',
  execl: 'execl(path, v[0], v[1], (char *)0)',
  execle: 'execle(path, v[0], v[1], (char *)0, environ)',
  fexecve: 'fexecve(open(path, O_RDONLY), v, environ)',
  'a system call': 'syscall(SYS_execve, path, v, environ)',
};

/** Reads `.ver` in its directory, as the real ones do. */
function source(one: string, two: string, become: string): string {
  return `#define _GNU_SOURCE
    #include <fcntl.h>
    #include <libgen.h>
    #include <stdlib.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    int main(int c, char **v) {
      char b = 0, one[] = "${one}", two[] = "${two}";
      int f = open(".ver", O_RDONLY | O_CLOEXEC);
      if (f >= 0 && read(f, &b, 1) != 1) return 1;
      char *path = b == '2' ? two : one;
      return (int)(${become});
    }`;
}

type Made = readonly [name: string, served: boolean, make: (place: Place, nodes: readonly [string, string]) => string];

/** A program that chooses, and whether calls under it have a server. */
const choosers: readonly Made[] = [
  ...Object.entries(becomes).map(
    ([name, become]): Made => [
      `a program that goes on by ${name}`,
      name !== 'a system call',
      (place, [one, two]) => compile(place, [], source(one, two, become)),
    ],
  ),
  ['a static program', false, (place, [one, two]) => compile(place, ['-static'], source(one, two, becomes.execv))],
  [
    'a script of a shell',
    true,
    (place, [one, two]) =>
      script(place, '/bin/sh', `exec $(case $(cat .ver) in 2) echo ${two};; *) echo ${one};; esac) "$@"`),
  ],
  [
    'a script of bash, which env finds',
    true,
    (place, [one, two]) =>
      script(place, '/usr/bin/env bash', `read v <.ver; [ "$v" = 2 ] && exec ${two} "$@"; exec ${one} "$@"`),
  ],
  [
    'a script of a shell that asks a static program',
    false,
    (place, [one, two]) => {
      const program = compile(place, ['-static'], source('/bin/true', '/bin/false', becomes.execv));
      return script(place, '/bin/sh', `${program} && exec ${one} "$@"; exec ${two} "$@"`);
    },
  ],
  [
    'a script that goes on as a static program',
    false,
    (place, [one, two]) => {
      const program = compile(place, ['-static'], source(one, two, becomes.execv));
      return script(place, '/bin/sh', `exec ${program} "$@"`);
    },
  ],
];

for (const [name, served, make] of choosers) {
  test(`${name} chooses: ${served ? 'a server for each' : 'unforked, then plainly'}`, async (t, place) => {
    const nodes = [join(place.root, 'n1', 'node'), join(place.root, 'n2', 'node')] as const;
    for (const node of nodes) put(paths.nodeUnderTest, node);
    const chooser = make(place, nodes);
    const tool = place.write(
      'tool.cjs',
      `const { initialisationComplete } = require('prefork-interp');
      const { pid } = process;
      const served = initialisationComplete();
      console.log(JSON.stringify([process.execPath, served && pid !== process.pid]));`,
    );
    const call = async (directory: string) => {
      const { code, stdout } = await place.call(['-U', chooser, tool], { cwd: join(place.work, directory) });
      return [code, ...(JSON.parse(stdout) as [string, boolean])];
    };
    place.write('a/.ver', '1\n');
    place.write('b/.ver', '2\n');
    for (const turn of ['first', 'again']) {
      t.strictSame(await call('a'), [0, nodes[0], served], `${turn}: in one directory`);
      t.strictSame(await call('b'), [0, nodes[1], served], `${turn}: in another`);
    }
    place.write('a/.ver', '2\n');
    t.strictSame(await call('a'), [0, nodes[1], served], 'after the file was edited');
  });
}

function script(place: Place, shell: string, body: string): string {
  return place.write('manager/node', `#!${shell}\n${body}\n`, 0o755);
}

function compile(place: Place, flags: readonly string[], text: string): string {
  const code = place.write('manager.c', text);
  const program = join(place.root, 'manager', 'node');
  mkdirSync(join(program, '..'));
  const { status, stderr } = spawnSync('cc', [...flags, '-w', '-o', program, code], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return program;
}

/**
 * The same file under another name is another Node here, as each tells its own path. A copy is linked, not the one that tests run with: a link changes the stamps of a
 * file, and for one as large as Node that is an edit, to every server on the machine.
 */
function put(from: string, to: string): void {
  mkdirSync(join(to, '..'));
  linkSync(copyOf(from), to);
}

function copyOf(program: string): string {
  const known = copies.get(program);
  if (known !== undefined) return known;
  const folder = mkdtempSync('/tmp/pf-');
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, 'node');
  copyFileSync(program, copy);
  copies.set(program, copy);
  return copy;
}
