/** Faults of resources: what is used up or missing, and what a call has to do all the same. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Place, paths, type Result, test } from '../helpers/index.js';

const root = process.getuid?.() === 0;
/** Somebody who runs nothing yet: processes are counted by user, and root's are not limited. */
const stranger = String(300_000 + process.pid);
export const asStranger = ['setpriv', '--reuid', stranger, '--regid', stranger, '--clear-groups'];
export const mounts = ['unshare', '-m', '--propagation', 'private'];
export const users = ['unshare', '-U', '--map-root-user'];

/** `within`: what the shell runs in. `shell`: what it does first; $RUN holds the run directory, $HOME the log. */
export type Fault = readonly [what: string, within: readonly string[], shell: string];

/** Prints what a plain run prints, and says one line at most; with a server that is there, and without one. */
export function testFault(fault: Fault): void {
  test(
    `with ${fault[0]} a call prints what a plain run prints`,
    async (t, place) => {
      const scripts = ['has-a-server.mjs', 'has-none.mjs'].map((name) =>
        place.write(
          name,
          `import { initialisationComplete } from 'prefork-interp';
          initialisationComplete();
          console.log(JSON.stringify(process.argv.slice(2)));`,
        ),
      );
      t.match(await place.script(scripts[0] ?? ''), { code: 0, stderr: '' });
      if (fault[1] === asStranger) execFileSync('chown', ['-R', stranger, place.root]);
      const { code, stdout, stderr } = await run(place, fault, scripts);
      t.strictSame([code, stderr], [0, '']);
      const [plain = '', ...calls] = stdout.split('=== ').slice(1);
      t.equal(calls.length, 4);
      for (const [index, call] of calls.entries()) {
        const lines = call.match(/^prefork-interp: .*\n/gm) ?? [];
        t.ok(lines.length <= 1, `call ${index + 1} says one line at most`, { lines });
        t.equal(call.replace(lines[0] ?? '', ''), plain, `call ${index + 1}`);
      }
    },
    { skip: whyNot(fault) },
  );
}

/** All in one shell, as namespaces and what is mounted in them go with it: a plain run, two calls of each script, the end of their servers. */
function run(place: Place, [, within, fault]: Fault, scripts: readonly string[]): Promise<Result> {
  const prefork = join(paths.packageRoot, 'bin', 'prefork');
  const shell = `cd ${place.work}; RUN=${place.root}/run; ${fault}
    echo "=== "; "$4" "$1" a "b  c" 2>&1; echo "status $?"
    for script in "$1" "$1" "$2" "$2"; do echo "=== "; "$3" -U "$4" "$script" a "b  c" 2>&1; echo "status $?"; done
    "$4" "${prefork}" stop --all >/dev/null 2>&1; true`;
  const words = [...scripts, paths.launcher, 'node'];
  const [program = '', ...args] = [...within, 'sh', '-c', shell, 'sh', ...words];
  return place.startProgram(program, args, { limitMs: 90_000 }).ended;
}

function whyNot([, within]: Fault): string | false {
  if (within === asStranger && !root) return 'only root can become somebody who runs nothing';
  const [program = '', ...args] = [...within, 'test', '-r', paths.launcher];
  return spawnSync(program, args).status === 0
    ? false
    : `${within[0]} is not possible here, or others cannot read this`;
}
