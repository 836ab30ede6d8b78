/** A sandbox that refuses a system call: the script does what it does there plainly, with one line at most. */
import { mkdtempSync, rmSync } from 'node:fs';
import { paths, test } from '../helpers/index.js';
import { launcherLines } from '../launcher/tell.js';
import { compileConfine } from './sandboxes.js';

const folder = mkdtempSync('/tmp/pf-denied-');
const confine = compileConfine(folder);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** What Node itself needs (eventfd2, getcwd, uname) is not here: where it fails at once there is nothing to compare. */
const calls = [
  ...['accept4', 'bind', 'capget', 'close_range', 'connect', 'dup3', 'fchdir', 'flock', 'get_mempolicy', 'getgroups'],
  ...['getrlimit', 'getsid', 'getsockname', 'getsockopt', 'inotify_init1', 'ioprio_get', 'kcmp', 'listen'],
  ...['memfd_create', 'personality', 'pipe2', 'poll', 'ppoll', 'prlimit64', 'process_vm_readv', 'recvfrom', 'recvmsg'],
  ...['renameat', 'sched_getattr', 'sendmsg', 'sendto', 'setrlimit', 'setsid', 'setsockopt', 'signalfd4', 'socket'],
  ...['socketpair', 'statx', 'umask', 'unlinkat', 'utimensat'],
];
/** Those without which a server does as well. */
const dispensable = ['close_range', 'getrlimit', 'kcmp', 'process_vm_readv', 'sched_getattr', 'statx'];

for (const call of calls) {
  test(`where ${call} is refused`, async (t, place) => {
    const script = place.write(
      'tells.cjs',
      `const { initialisationComplete } = require('prefork-interp');
      const served = initialisationComplete();
      process.stdout.write(JSON.stringify([process.argv[2], process.cwd(), typeof served]));
      process.stderr.write('served: ' + served);
      process.exitCode = 7;`,
    );
    for (const error of ['EPERM', 'ENOSYS']) {
      const run = (...command: string[]) => place.startProgram(confine, [`deny:${call}:${error}`, ...command]).ended;
      const plain = await run('node', script, 'a');
      const lines = [];
      for (const turn of ['first', 'second']) {
        const called = await run(paths.launcher, '-U', 'node', script, 'a');
        t.strictSame([called.code, called.stdout], [plain.code, plain.stdout], `${error}, ${turn}`);
        if (dispensable.includes(call)) t.match(called.stderr, 'served: true', `${error}, ${turn}`);
        lines.push(...launcherLines(called.stderr));
      }
      t.match(lines.slice(0, 1), lines.length ? [/^prefork-interp: running \S+ (plainly|unforked): /] : []);
      t.ok(lines.length <= 1, lines.join('\n'));
    }
  });
}
