/** Waiting for what another process does. The limit is generous: a busy machine must not fail a test, only a hang may. */
import { setTimeout as delay } from 'node:timers/promises';

export const LIMIT_MS = 20_000;

/** Asks until the answer is neither undefined, null nor false, and returns it. Throws when the limit has passed. */
export async function waitFor<T>(
  what: string,
  ask: () => T | Promise<T>,
  limitMs: number = LIMIT_MS,
): Promise<Exclude<T, undefined | null | false>> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false)
      return answer as Exclude<T, undefined | null | false>;
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await delay(5);
  }
}
