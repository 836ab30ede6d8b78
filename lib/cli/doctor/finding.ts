/** What a check has found. */
export interface Finding {
  /** fine; doubtful: it works, but not always or not as fast; broken: scripts run plainly. */
  readonly state: 'fine' | 'doubtful' | 'broken';
  /** What was looked at: a word or two. */
  readonly what: string;
  readonly found: string;
  /** What to do; empty where there is nothing to do. */
  readonly remedy: string;
}

/** A finding that needs nothing done. */
export function fine(what: string, found: string): Finding {
  return { state: 'fine', what, found, remedy: '' };
}

/** It works, but not always, or not as fast. */
export function doubtful(what: string, found: string, remedy: string): Finding {
  return { state: 'doubtful', what, found, remedy };
}

/** Scripts run plainly. */
export function broken(what: string, found: string, remedy: string): Finding {
  return { state: 'broken', what, found, remedy };
}
