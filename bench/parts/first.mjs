/** The first call, which starts the server, beside a plain run of the same script. */
import { alternate } from '../timer.mjs';

/** What an ended server leaves to the kernel, and a new one does after its first call, must not be timed with the next one. */
const GAP_MS = 300;

/** A quarter of the calls: each takes a second and more. */
export async function measureFirst(place, { calls, short }) {
  const rounds = Math.ceil(calls / 4);
  const file = place.file('small.js');
  return {
    ...(short ? {} : { hello: await besidePlain(place, rounds, 'hello.mjs') }),
    eslint: await besidePlain(place, rounds, 'eslint-cold.mjs', file),
  };
}

export async function besidePlain(place, rounds, script, ...args) {
  const commands = {
    true: { words: ['/bin/true'] },
    forked: { words: place.forked(script, ...args), after: place.kill(script) },
    plain: { words: place.plain(script, ...args) },
  };
  place.run(commands.plain.words);
  return await alternate(place, commands, { rounds, gapMs: GAP_MS });
}
