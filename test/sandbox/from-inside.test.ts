/** No call in a sandbox is answered by a server from outside, and each sees its own confinement. */
import { mkdtempSync, rmSync } from 'node:fs';
import { test } from '../helpers/index.js';
import { enter, outside, told } from './calls.js';
import { compileConfine, sandboxes, whyNot } from './sandboxes.js';

const folder = mkdtempSync('/tmp/pf-confine-');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

for (const [name, sandbox] of Object.entries(sandboxes(compileConfine(folder)))) {
  const skip = whyNot(sandbox.inside) || whyNot(sandbox.outside ?? []);
  test(
    `${name}: a call inside uses no server from outside`,
    async (t, place) => {
      const script = place.fixture('tells-confinement.mjs');
      const before = await outside(place, sandbox, script);
      const inside = enter(place, sandbox, script);
      const calls = await told(inside, 2);
      const after = await outside(place, sandbox, script);
      place.write('go', '');
      const [again, plain] = (await told(inside, 4)).slice(2);
      t.match(await inside.ended, { code: 0, stderr: '' });
      t.ok(before.forked && after.forked && calls[0]?.forked && calls[1]?.forked && again?.forked);
      t.equal(after.server, before.server, 'one server outside');
      t.strictSame(new Set([...calls, again].map((call) => call?.server)), new Set([calls[0]?.server]), 'one inside');
      t.not(calls[0]?.server, before.server);
      for (const call of calls) t.strictSame(call.confinement, plain?.confinement);
    },
    { skip },
  );
}
