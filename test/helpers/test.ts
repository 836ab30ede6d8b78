/** A test with a place of its own. */
import { type Test, test as tapTest } from 'tap';
import { Place } from './place.js';

export type Body = (t: Test, place: Place) => Promise<void>;

/**
 * Runs a test in a place that is made before and taken away after it. The test fails when a process is left over that did not
 * go with its server: a script that runs on, a watcher, a monitor. A body that leaves one on purpose ends it itself.
 * `skip` gives the reason why it cannot be run here.
 */
export function test(name: string, body: Body, options: { readonly skip?: string | false } = {}): void {
  void tapTest(name, { skip: options.skip ?? false }, async (t) => {
    const place = new Place();
    try {
      await body(t, place);
    } finally {
      const left = await place.leave();
      if (left.length > 0) t.fail('a process is left behind', { left });
    }
  });
}
