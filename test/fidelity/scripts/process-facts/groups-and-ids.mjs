import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  typeof process.setuid,
  typeof process.initgroups,
  typeof process.setgroups,
  process.getegid(),
  process.umask(),
);
