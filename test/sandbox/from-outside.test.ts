/** No call is answered by a server in a sandbox that it is not in itself. */
import { mkdtempSync, rmSync } from 'node:fs';
import { test } from '../helpers/index.js';
import { enter, outside, run, told } from './calls.js';
import { compileConfine, sandboxes, whyNot } from './sandboxes.js';

const folder = mkdtempSync('/tmp/pf-confine-');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

for (const [name, sandbox] of Object.entries(sandboxes(compileConfine(folder)))) {
  const skip = whyNot(sandbox.inside) || whyNot(sandbox.outside ?? []);
  test(
    `${name}: a call outside uses no server from inside`,
    async (t, place) => {
      const script = place.fixture('tells-confinement.mjs');
      const inside = enter(place, sandbox, script);
      const calls = await told(inside, 2);
      const [first, second] = [await outside(place, sandbox, script), await outside(place, sandbox, script)];
      const plain = await run(place, sandbox.outside ?? [], ['node', script]);
      place.write('go', '');
      const [again] = (await told(inside, 4)).slice(2);
      await inside.ended;
      t.equal(second.server, first.server, 'one server outside');
      t.ok(first.forked && second.forked);
      t.not(first.server, calls[0]?.server);
      t.equal(again?.server, calls[0]?.server, 'one inside');
      t.strictSame([first.confinement, second.confinement], [plain.confinement, plain.confinement]);
    },
    { skip },
  );
}
