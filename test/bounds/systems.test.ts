/** Where the system lacks something or has no room, a call prints what a plain run prints, and says one line at most. */
import { type Fault, mounts, testFault, users } from './faults.js';

const faults: readonly Fault[] = [
  ['a full run directory', mounts, 'mount -t tmpfs -o size=4k,mode=700 none $RUN; echo >$RUN/full'],
  ['a run directory that is nearly full', mounts, 'mount -t tmpfs -o size=8k,mode=700 none $RUN; echo >$RUN/full'],
  ...[1, 2, 3, 4, 5, 6].map(
    (count): Fault => [
      `${count} inodes for the run directory`,
      mounts,
      `mount -t tmpfs -o nr_inodes=${count},mode=700 none $RUN`,
    ],
  ),
  ['a read-only run directory', mounts, 'mount -t tmpfs -o ro,mode=700 none $RUN'],
  ['a full home', mounts, 'mount -t tmpfs -o size=4k none $HOME; echo >$HOME/full'],
  ['a read-only home', mounts, 'mount -t tmpfs -o ro none $HOME'],
  ['a read-only system', mounts, 'mount -t tmpfs -o mode=700 none $RUN; mount -o remount,bind,ro /'],
  ['everything read-only', mounts, 'mount -o remount,bind,ro /'],
  ['no inotify instances', users, 'echo 0 >/proc/sys/user/max_inotify_instances'],
  ['one inotify instance', users, 'echo 1 >/proc/sys/user/max_inotify_instances'],
  ['no inotify watches', users, 'echo 0 >/proc/sys/user/max_inotify_watches'],
  ['ten inotify watches', users, 'echo 10 >/proc/sys/user/max_inotify_watches'],
  ['no /proc', mounts, 'umount -l /proc'],
  ['an empty /proc', mounts, 'mount -t tmpfs none /proc'],
  ['a /proc that hides others', mounts, 'mount -t proc -o hidepid=2 none /proc'],
  ['no /dev/shm', mounts, 'umount -l /dev/shm 2>/dev/null; true'],
  ['a read-only /dev/shm', mounts, 'mount -t tmpfs -o ro none /dev/shm'],
  ['a full /dev/shm', mounts, 'mount -t tmpfs -o size=4k none /dev/shm; echo >/dev/shm/full'],
  ['no /sys', mounts, 'umount -l /sys'],
];

faults.forEach(testFault);
