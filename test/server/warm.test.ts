/** What every call runs of Node's own is compiled once, in the server. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, waitFor } from '../helpers/index.js';

const CALLS = 5;
const body: [kind: string, use: string, compiled: string[]][] = [
  ['prints into a pipe', 'console.log("line");', ['ReadableState', 'afterWriteDispatched']],
  ['reads from a pipe', 'for await (const chunk of process.stdin) chunk;', ['createAsyncIterator', 'onStreamRead']],
];

for (const [kind, use, compiled] of body) {
  test(`a call that ${kind} compiles nothing for it`, async (t, place) => {
    const script = place.write(
      'script.mjs',
      `import { initialisationComplete } from 'prefork-interp';
       initialisationComplete();
       ${use}`,
    );
    const log = join(place.root, 'v8.log');
    const flags = ['--log-function-events', '--no-logfile-per-isolate', `--logfile=${log}`];
    for (let i = 0; i < CALLS; i++) {
      t.match(await place.call(['-U', 'node', ...flags, script], { input: 'input' }), { code: 0 });
      await waitFor('the spares', () => place.processes().length >= 5);
    }
    t.ok(existsSync(log));
    for (const name of compiled) t.ok(timesCompiled(log, name) <= 2, `${name}: in the server, and in the first call`);
  });
}

/** A fork writes once more what the server had not yet written: such lines are equal, time and all. */
function timesCompiled(log: string, name: string): number {
  const lines = new Set(readFileSync(log, 'latin1').split('\n'));
  return [...lines].filter((line) => line.startsWith('function,interpreter,') && line.endsWith(`,${name}`)).length;
}
