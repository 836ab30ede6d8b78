/** The terminal goes away: its window is closed, its shell ends. What became of the script stands in a file. */
import { describe, type Place, type Shell, test, waitFor } from '../helpers/index.js';
import { play, STAYS, shellsHere, WAYS, type Way, writeTwins } from './twins.js';

const LOGS = `import('node:fs').then(({ appendFileSync }) => {
  const say = (text) => appendFileSync('../log', text + '\\n');
  for (const name of ['SIGHUP', 'SIGCONT', 'SIGTERM']) process.on(name, () => say(name));
  process.on('SIGHUP', () => setTimeout(() => { say('ends'); process.exit(3); }, 100));
  process.stdin.on('error', (error) => say(error.code)).on('end', () => say('end of input')).resume();
  ${STAYS}
});`;

interface Case {
  readonly name: string;
  readonly script: string;
  /** What is typed once the script is ready. */
  readonly keys?: string;
  readonly line?: string;
}

const cases: readonly Case[] = [
  { name: 'a script that does not handle SIGHUP', script: STAYS },
  { name: 'a script that handles SIGHUP', script: LOGS },
  { name: 'a stopped script', script: LOGS, keys: '\x1a' },
  { name: 'a script in a pipeline', script: LOGS, line: 'cat | ./tool.mjs | cat' },
];

for (const shell of shellsHere())
  for (const one of cases)
    test(`${shell}: ${one.name} when the terminal is closed`, async (t, place) => {
      writeTwins(place, one);
      const plain = await hangUp(place, shell, one, 'plain');
      for (const way of WAYS.slice(1)) t.equal(await hangUp(place, shell, one, way), plain, way);
    });

async function hangUp(place: Place, shell: Shell, { keys, line = './tool.mjs' }: Case, way: Way): Promise<string> {
  place.write('log', '');
  await play(place, shell, {}, way, async (session) => {
    session.line(line);
    const pid = await session.ready();
    if (keys !== undefined) {
      session.terminal.type(keys);
      await session.prompt();
      await session.state(pid, 'T');
    }
    session.terminal.hangUp();
    await session.terminal.ended;
    await waitFor('the script to go', () => describe(pid) === undefined);
  });
  // While the kernel takes a terminal away a read fails with EIO, and once it has it finds the end.
  // Kernel and shell both send SIGHUP, and one that is still pending swallows the other. A shell that ends sends SIGTERM to jobs that it takes to be
  // stopped still: whether it has heard by then that this one goes on is a matter of moments, plainly too.
  const heard = place
    .read('log')
    .split('\n')
    .map((line) => (line === 'EIO' ? 'end of input' : line))
    .filter((line) => line !== 'SIGTERM');
  return [...new Set(heard)].sort().join(' ');
}
