/** Commands for the timer. */
import { readFileSync } from 'node:fs';

/** Takes out what is not there, and runs each of the others once: it has to print what it is measured for. */
export function checkedCommands(place, expected, commands) {
  const present = Object.entries(commands).filter(([, command]) => command);
  for (const [name, { words, input, variables, silent }] of present) {
    const output = place.run(words, { input: input && readFileSync(input, 'utf8'), variables });
    if (!silent && !expected.test(output)) throw new Error(`${name} printed something else: ${JSON.stringify(output)}`);
  }
  return Object.fromEntries(present);
}

/** What is measured with several callers. */
export function commandsAtOnce(place) {
  return {
    true: { words: ['/bin/true'] },
    forked: { words: place.forked('hello.mjs') },
    node: { words: [place.node, '-e', '0'] },
  };
}
