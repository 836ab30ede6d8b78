/** Where what a server has to say goes (docs/log.md). */
import type { Addon } from '../addon.js';
import type { LogFacility, Options } from '../options.js';
import type { Launch } from './launch.js';

/** As in syslog.h. */
export const Severity = { Warning: 4 } as const;

const DEFAULT_FACILITY = 'user';
const DEFAULT_SOCKET = '/dev/log';

/** As in syslog.h; there the numbers are shifted by the three bits of the severity. */
const numbers: Record<LogFacility, number> = {
  kern: 0,
  user: 1,
  mail: 2,
  daemon: 3,
  auth: 4,
  syslog: 5,
  lpr: 6,
  news: 7,
  uucp: 8,
  cron: 9,
  authpriv: 10,
  ftp: 11,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
  none: -1,
};

/** To be called before anything is said. */
export function openLog(launch: Launch, addon: Addon, options: Options): void {
  const facility = numbers[options.logFacility ?? DEFAULT_FACILITY];
  addon.openLog({
    script: launch.script,
    facility: facility < 0 ? -1 : facility << 3,
    socket: options.logSocket ?? DEFAULT_SOCKET,
    // The watcher of a launcher of version 1 passes nothing on.
    watcher: launch.extended ? launch.watcherIn : -1,
  });
}
