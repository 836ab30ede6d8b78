import type { Finding } from '../doctor.js';

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
