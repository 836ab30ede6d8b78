/** Where a limit is met a call is answered all the same, with a line if it had to run plainly. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Place, paths, type Result, test, waitFor } from '../helpers/index.js';

const { launcher } = paths;
const root = process.getuid?.() === 0;
const networks = spawnSync('unshare', ['-n', 'true']).status === 0;
/** Somebody who runs nothing yet: processes are counted by user, and root's are not limited. */
const stranger = String(200_000 + process.pid);
const asStranger = ['setpriv', '--reuid', stranger, '--regid', stranger, '--clear-groups'];

/** What the server is left with, and who it has to be. */
const limits: [what: string, limit: string, before: string[], skip: string | false][] = [
  ['a descriptor', '--nofile=8:', [], false],
  ['a process', '--nproc=1:', root ? asStranger : [], root && whyNoStranger()],
];
/** Without a descriptor it cannot write them. */
const lines =
  /: cannot fork a process for the next call: .*: the server ends: it cannot fork a process for a call that waits\n/s;

for (const [what, limit, before, skip] of limits) {
  test(
    `a server without ${what} to spare leaves, and the call that waited is answered by another`,
    async (t, place) => {
      const script = place.fixture('tells-its-call.mjs');
      if (before.length > 0) execFileSync('chown', ['-R', stranger, place.root]);
      const call = (): Promise<Result> => as(place, before, [launcher, '-U', 'node', script]);
      t.match(await call(), { code: 0, stderr: '' });
      const server = place.read('initialised').trim();
      t.match(await as(place, before, ['prlimit', '--pid', server, limit]), { code: 0 });
      // Its spares first, then the call that finds none.
      for (let i = 0; place.read('initialised') === `${server}\n` && i < 20; i++)
        t.match(await call(), { code: 0, stdout: /"served":true/, stderr: '' });
      if (what === 'a process') t.match(await logOf(place, before, script), lines);
      t.match(await as(place, before, [launcher, '--kill', '-U', 'node', script]), { code: 0, stderr: '' });
      await waitFor('all to go', () => place.processes().length === 0);
    },
    { skip },
  );
}

test(
  'callers for whom the backlog has no room run plainly, with a line',
  async (t, place) => {
    const script = place.write(
      'one-by-one.mjs',
      `import { existsSync } from 'node:fs';
       import { initialisationComplete } from 'prefork-interp';
       const forked = initialisationComplete({ maxCalls: 1 });
       const [name] = process.argv.slice(2);
       console.log(name, forked);
       const timer = setInterval(() => { if (name !== 'first' || existsSync('go')) clearInterval(timer); }, 10);`,
    );
    // The first call holds the only place; two more fit the backlog of one (the kernel's way of counting).
    const shell = `
      echo 1 >/proc/sys/net/core/somaxconn
      : >out.first; "$@" first >out.first & until grep -q true out.first; do sleep 0.01; done
      for i in 1 2 3 4 5 6; do PREFORK_INTERP_WAIT=1 "$@" $i >out.$i 2>err.$i & pids="$pids $!"; done
      for pid in $pids; do wait $pid || echo failed; done
      touch go; wait; "$@" last`;
    const args = ['-n', 'sh', '-c', shell, 'sh', launcher, '-U', 'node', script];
    t.match(await place.startProgram('unshare', args).ended, { code: 0, stdout: 'last true\n', stderr: '' });
    const told = [1, 2, 3, 4, 5, 6].map((i) => place.read(`err.${i}`));
    const line =
      /^prefork-interp: running \S+ plainly: (its server has too many callers waiting|no server answered within 1 s)\n$/;
    for (const [index, said] of told.entries()) {
      t.match(said, line);
      t.equal(place.read(`out.${index + 1}`), `${index + 1} false\n`);
    }
    t.ok(told.some((said) => said.includes('too many callers')));
  },
  { skip: networks ? false : 'this machine gives no network namespaces' },
);

test(
  'a caller that may have no more processes hears why no server was started',
  async (t, place) => {
    const script = place.fixture('tells-its-call.mjs');
    execFileSync('chown', ['-R', stranger, place.root]);
    const limited = [...asStranger, 'prlimit', '--nproc=1'];
    const [plain, called] = [
      await as(place, limited, ['node', script]),
      await as(place, limited, [launcher, '-U', 'node', script]),
    ];
    t.strictSame([called.code, called.signal, called.stdout], [plain.code, plain.signal, plain.stdout]);
    t.match(
      called.stderr,
      /^prefork-interp: running \S+ plainly: there are too few processes and threads left for a server /,
    );
    t.strictSame(place.sockets(), []);
  },
  { skip: root ? whyNoStranger() : 'only root can become somebody who runs nothing' },
);

test(
  'servers that are idle leave before a limit of processes is used up: others are served, and plain programs run',
  async (t, place) => {
    const scripts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) =>
      place.write(
        `${name}.mjs`,
        "import { initialisationComplete } from 'prefork-interp'; process.stdout.write(String(initialisationComplete()));",
      ),
    );
    execFileSync('chown', ['-R', stranger, place.root]);
    const limited = [...asStranger, 'prlimit', '--nproc=130'];
    for (const script of scripts) {
      t.match(await as(place, limited, [launcher, '-U', 'node', script]), { code: 0, stdout: 'true', stderr: '' });
      t.match(await as(place, limited, ['node', '-p', '1']), { code: 0, stdout: '1\n', stderr: '' });
      await waitFor('the spares', () => place.processes().filter(({ command }) => /monitor/.test(command)).length > 0);
    }
    t.ok(place.servers().length < scripts.length, `${place.servers().length} servers`);
    t.equal(place.servers().at(-1)?.script, scripts.at(-1), 'the last is among them');
  },
  { skip: root ? whyNoStranger() : 'only root can become somebody who runs nothing' },
);

async function logOf(place: Place, before: readonly string[], script: string): Promise<string> {
  const prefork = join(paths.packageRoot, 'bin', 'prefork');
  return (await as(place, before, [process.execPath, prefork, 'logs', script])).stdout;
}

function as(place: Place, before: readonly string[], command: readonly string[]): Promise<Result> {
  const [program = '', ...args] = [...before, ...command];
  return place.startProgram(program, args).ended;
}

/** Others may not be allowed to read where this package lies. */
function whyNoStranger(): string | false {
  const [program = '', ...args] = [...asStranger, 'test', '-r', launcher];
  return spawnSync(program, args).status === 0 ? false : `others cannot read ${launcher}`;
}
