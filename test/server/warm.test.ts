/** What every call runs of Node's own is compiled once, in the server. */
import { readdirSync } from 'node:fs';
import { spares } from '../helpers/executors.js';
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
    // V8 logs to the call's own output.
    const flags = ['--log-function-events', '--no-logfile-per-isolate', '--logfile=-'];
    const logs: string[] = [];
    for (let i = 0; i < CALLS; i++) {
      const result = await place.call(['-U', 'node', ...flags, script], { input: 'input' });
      t.match(result, { code: 0 });
      logs.push(result.stdout);
      await waitFor('the spares', () => place.processes().length >= 5);
    }
    for (const name of compiled) {
      const again = compilations(logs.at(-1), name).filter((line) => !logs.at(-2)?.includes(line));
      t.strictSame(again, [], `${name}: not in the last`);
    }
  });
}

/** A fork writes once more what the server had not yet written: such lines are equal, time and all. */
function compilations(log: string | undefined, name: string): string[] {
  const lines = log?.split('\n') ?? [];
  return lines.filter((line) => line.startsWith('function,interpreter,') && line.endsWith(`,${name}`));
}

test('a spare that has prepared itself has one thread: V8 found nothing in that worth a compilation of its own', async (t, place) => {
  const script = place.write(
    'script.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     console.log('line');`,
  );
  for (let i = 0; i < CALLS; i++) t.match(await place.script(script), { code: 0, stdout: 'line\n' });
  // Ahead of a call it has compiled and run what any call needs, and waits in accept.
  const rested = await waitFor('two rested spares', () => {
    const waiting = spares(place).filter(({ state }) => state === 'S');
    return waiting.length === 2 && waiting;
  });
  for (const { pid } of rested) t.equal(readdirSync(`/proc/${pid}/task`).length, 1);
});
