/** Where the same directories are seen in another place, or as another root: no call is answered by a server from there. */
import { chmodSync, mkdirSync } from 'node:fs';
import { type Place, paths, test } from '../helpers/index.js';
import { whyNot } from './sandboxes.js';

interface Told {
  readonly forked: boolean;
  readonly server: number;
  readonly seen: unknown;
}

/** What is mounted in it goes with it. */
const within = ['unshare', '--mount', 'sh', '-ec'];
const skip = whyNot([...within, 'mount --bind / /']);

const roots: [name: string, mount: string][] = [
  ['a bind mount of /', 'mount --rbind / root'],
  [
    'a bind mount of / without what is mounted below',
    'mount --bind / root; for each in proc dev; do mount --bind /$each root/$each; done',
  ],
];

for (const [name, mount] of roots) {
  test(
    `chroot to ${name}: each side has a server of its own`,
    async (t, place) => {
      mkdirSync(`${place.work}/root`);
      const script = place.write(
        'tells.cjs',
        body("require('node:fs').readFileSync('/proc/self/mountinfo', 'utf8').split('\\n')[0]"),
      );
      const call = `'${paths.launcher}' -U node '${script}'`;
      const inside = `chroot root sh -c "cd '${place.work}'; ${call}"`;
      const told = await tell(
        place,
        `${mount}; ${call}; ${inside}; ${inside}; ${call}; chroot root node '${script}'; node '${script}'`,
      );
      const [first, cold, warm, again, plainInside, plain] = told;
      t.ok(first?.forked && cold?.forked && warm?.forked && again?.forked);
      t.equal(again?.server, first?.server, 'one server outside');
      t.equal(warm?.server, cold?.server, 'one server inside');
      t.not(warm?.server, again?.server);
      t.not(plain?.seen, plainInside?.seen, 'it can be seen');
      t.strictSame([again?.seen, warm?.seen], [plain?.seen, plainInside?.seen]);
    },
    { skip },
  );
}

test(
  'chroot: with -g the call runs plainly, with a line',
  async (t, place) => {
    mkdirSync(`${place.work}/root`);
    const script = place.write('tells.cjs', body('0'));
    const call = `'${paths.launcher}' -U -g one node '${script}'`;
    const shell = `mount --rbind / root; ${call}; chroot root sh -c "cd '${place.work}'; ${call}"; ${call}`;
    const { stdout, stderr } = await enter(place, shell);
    const forked = stdout.split('\n').map((line) => line && (JSON.parse(line) as Told).forked);
    t.strictSame(forked, [true, false, true, '']);
    t.match(
      stderr,
      /^prefork-interp: running \S+ plainly: the server that -g names is in another sandbox \(\/proc tells: root\)\n$/,
    );
  },
  { skip },
);

test(
  'one directory at two places: initialisation has seen the one that its caller is in',
  async (t, place) => {
    for (const name of ['here', 'there']) mkdirSync(`${place.work}/${name}`);
    const script = place.write('tells.cjs', body('process.cwd()'));
    const call = (name: string) => `cd '${place.work}/${name}'; '${paths.launcher}' -U node '${script}'`;
    const calls = ['here', 'there', 'here', 'there'];
    const told = await tell(place, `mount --bind here there; ${calls.map(call).join('; ')}`);
    t.strictSame(
      told.map(({ seen }) => seen),
      calls.map((name) => `${place.work}/${name}`),
    );
    t.strictSame(
      told.map(({ forked }) => forked),
      calls.map(() => true),
    );
    t.strictSame([told[2]?.server, told[3]?.server], [told[0]?.server, told[1]?.server]);
  },
  { skip },
);

const asAnother = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

test(
  "another user with the first one's run directory: its calls are plain runs",
  async (t, place) => {
    const script = place.write('tells.cjs', body('process.getuid()'));
    const call = (before: readonly string[]) => {
      const [program = '', ...args] = [...before, paths.launcher, '-U', 'node', script];
      const env = before.length > 0 ? { PREFORK_INTERP_DEBUG: '1' } : {};
      return place.startProgram(program, args, { cwd: '/', env }).ended;
    };
    chmodSync(place.root, 0o755);
    const first = await call([]);
    const other = await call(asAnother);
    t.match(first, { code: 0, stderr: '', stdout: /"forked":true.*"seen":0/ });
    t.match(other, { code: 0, stdout: /"forked":false.*"seen":65534/ });
    t.match(
      other.stderr,
      /^prefork-interp: running \S+ plainly: the directory for sockets, \S+, cannot be used: [^\n]+\n$/,
    );
  },
  { skip: whyNot(asAnother) },
);

/** Tells what initialisation saw. */
function body(code: string): string {
  return `const { initialisationComplete } = require('prefork-interp');
    const seen = ${code};
    const { pid: server } = process;
    const forked = initialisationComplete();
    console.log(JSON.stringify({ forked, server, seen }));`;
}

async function tell(place: Place, shell: string): Promise<Told[]> {
  const { stdout, stderr } = await enter(place, shell);
  if (stderr !== '') throw new Error(stderr);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Told);
}

function enter(place: Place, shell: string) {
  // chroot is an administrator's program.
  const [program = '', ...args] = [...within, `PATH=$PATH:/usr/sbin:/sbin; ${shell}`];
  return place.startProgram(program, args).ended;
}
