/** A watcher that does not come up is ended: nobody else would notice that it is not there. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type Place, paths, test, waitFor } from '../helpers/index.js';
import { gone, theServer, told } from '../launcher/tell.js';

/** What stands in for a Node that cannot start: it would stay for ever. */
const stuck = 'sleep';

test('a watcher whose Node does not come up is ended, and its server leaves with it', async (t, place) => {
  shim(place, `case "$1" in */watcher/main.js) exec ${stuck} 1000000;; esac`);
  const script = place.fixture('tells-its-call.mjs');
  for (const call of ['first', 'next']) {
    const result = await place.script(script, [], { env: { PREFORK_INTERP_SETUP_WAIT: '3' } });
    t.match(told(result), { served: true }, `${call} call`);
    const server = theServer(place);
    const watcher = await waitFor('the watcher', () =>
      place.processes().find(({ command }) => command.startsWith(`${stuck} `)),
    );
    await gone(watcher);
    await gone(server);
  }
});

test('a watcher that has come up stays', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  await place.script(script, [], { env: { PREFORK_INTERP_SETUP_WAIT: '3' } });
  const watcher = await waitFor('the watcher', () =>
    place.processes().find(({ command }) => command.endsWith('/watcher/main.js')),
  );
  await waitFor('it to catch the alarm', () => catches(watcher.pid, 14));
  process.kill(watcher.pid, 'SIGALRM');
  t.match(told(await place.script(script)), { served: true });
  t.equal(describe(watcher.pid)?.startTime, watcher.startTime);
});

/** A `node` that is a shell script of a version manager's kind. */
function shim(place: Place, before: string): void {
  const path = join(place.root, 'bin', 'node');
  rmSync(path);
  writeFileSync(path, `#!/bin/sh\n${before}\nexec ${paths.nodeUnderTest} "$@"\n`, { mode: 0o755 });
}

/** Whether a process has a handler for a signal. */
function catches(pid: number, number: number): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mask = /^SigCgt:\s+([0-9a-f]+)$/m.exec(status)?.[1];
  return mask !== undefined && (BigInt(`0x${mask}`) & (1n << BigInt(number - 1))) !== 0n;
}
