import { readFileSync, readlinkSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  process.pid === Number(readlinkSync('/proc/self')),
  process.title,
  process.argv0,
  process.execPath === readlinkSync('/proc/self/exe'),
);
console.log(
  readFileSync('/proc/self/comm', 'utf8'),
  readFileSync('/proc/self/cmdline', 'utf8').split('\0').slice(-2).join(),
);
console.log(process.getuid(), process.geteuid(), process.getgid(), process.getgroups().join());
