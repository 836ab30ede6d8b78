/** What a script may ask of its server. Types only: a plain run loads nothing of this file. */

/** How a script's server behaves. All are optional. */
export interface Options {
  /**
   * How many calls may run at a time; a whole number of at least 1. Default: no limit. (The original's default of 4 deadlocks a
   * script that calls itself.) A caller beyond the limit waits 30 seconds (PREFORK_INTERP_WAIT), then the script runs plainly, with
   * a line saying so.
   */
  maxCalls?: number;
  /**
   * How many executors are kept waiting at least, forked ahead; 1 to 63. Default: 2. Where more calls than that run at once, as many as they
   * are, up to 8, are kept for another 10 to 20 seconds.
   */
  spares?: number;
  /** Seconds without a call after which the server leaves; more than 0, or Infinity. Default: 3600. */
  idleTimeout?: number;
  /** Whether the server is replaced when a file that initialisation looked at has changed. Default: true. */
  autoreload?: boolean;
  /** More files to compare, beside those that initialisation looked at. Relative names are resolved now. Default: none. */
  autoreloadExtra?: readonly string[];
  /**
   * Names of variables that do no harm where initialisation copies or lists its whole environment: neither their values nor that they are there
   * decide who shares its server. A star at the end stands for any ending (`GIT_*`). What is read by name counts all the same. Up to 64 names.
   * Default: none; docs/variables.md tells which names never count there.
   */
  ignoreVariables?: readonly string[];
  /** Under which facility syslog gets what the server and its helpers have to say (docs/log.md); `none`: not at all. Default: user. */
  logFacility?: LogFacility;
  /** Where syslog listens. For tests, and for machines where that is not /dev/log. */
  logSocket?: string;
}

/** A facility of syslog. */
export type LogFacility =
  | ('kern' | 'user' | 'mail' | 'daemon' | 'auth' | 'syslog' | 'lpr' | 'news' | 'uucp' | 'cron' | 'authpriv' | 'ftp')
  | ('local0' | 'local1' | 'local2' | 'local3' | 'local4' | 'local5' | 'local6' | 'local7' | 'none');
