import { spawnSync } from 'node:child_process';
import { paths, test } from '../helpers/index.js';

/** What a shell does first, in namespaces of its own, so that the machine seems to have nothing left; and the line that says so. */
const cases: [what: string, unshare: string[], shell: string, line: RegExp][] = [
  [
    'inotify instances',
    ['-U', '--map-root-user'],
    'echo 1 > /proc/sys/user/max_inotify_instances',
    /plainly: there are too few inotify instances left for a server/,
  ],
  [
    'memory',
    ['-m'],
    'echo "MemAvailable: 100000 kB" > meminfo; mount --bind meminfo /proc/meminfo',
    /plainly: there is too little memory left for a server\n/,
  ],
  [
    'open files',
    ['-m'],
    'echo "9000 0 10000" > file-nr; mount --bind file-nr /proc/sys/fs/file-nr',
    /plainly: there are too few open files left for a server/,
  ],
  [
    "a control group's processes",
    ['-m'],
    `mkdir -p group/a/b; echo '0::/a/b' > own; mount --bind own /proc/self/cgroup
     echo max > group/a/b/pids.max; echo 1 > group/a/b/pids.current
     echo 100 > group/a/pids.max; echo 60 > group/a/pids.current
     mount --bind group /sys/fs/cgroup; mount --bind own /proc/$$/cgroup`,
    /plainly: there are too few processes and threads left for a server/,
  ],
  [
    "a control group's memory",
    ['-m'],
    `mkdir -p group/a/b; echo '0::/a/b' > own; mount --bind own /proc/self/cgroup
     echo max > group/a/b/memory.max; echo 1 > group/a/b/memory.current
     echo 300000000 > group/a/memory.max; echo 250000000 > group/a/memory.current
     printf 'anon 5\\ninactive_file 7000000\\n' > group/a/memory.stat
     mount --bind group /sys/fs/cgroup; mount --bind own /proc/$$/cgroup`,
    /plainly: there is too little memory left for a server in its control group/,
  ],
];

for (const [what, namespaces, shell, line] of cases) {
  const possible = spawnSync('unshare', [...namespaces, 'true']).status === 0;
  test(
    `where ${what} are exhausted a call runs plainly, with a line`,
    async (t, place) => {
      const script = place.fixture('print-arguments.mjs');
      const command = `set -e; ${shell}; exec "$@"`;
      const args = [...namespaces, 'sh', '-c', command, 'sh', paths.launcher, '-U', 'node', script, 'one'];
      const result = await place.startProgram('unshare', args).ended;
      const plain = await place.plain(script, ['one']);
      t.match(result, { code: 0, stderr: line });
      t.equal(result.stdout, plain.stdout);
      t.strictSame(place.sockets(), []);
      t.equal(result.stderr.trim().split('\n').length, 1);
    },
    { skip: possible ? false : 'this machine gives no namespaces' },
  );
}

test('where enough of all is left a server is started', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  t.match(await place.script(script), { code: 0, stderr: '' });
  t.equal(place.servers().length, 1);
});
