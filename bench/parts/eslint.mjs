/** ESLint on one small file: warm calls of a stub, plain runs, and the daemon made for it. */
import { checkedCommands } from '../commands.mjs';
import { alternate } from '../timer.mjs';

const GAP_MS = 20;

export async function measureEslint(place, { calls, short, tools: { eslintD } }) {
  const rounds = short ? Math.ceil(calls / 4) : calls;
  const file = place.file('small.js');
  const main = place.file('node_modules/eslint/bin/eslint.js');
  const daemon = place.major >= 22 ? eslintD : undefined; // it wants that
  const commands = checkedCommands(place, /no-else-return/, {
    true: { words: ['/bin/true'], silent: true },
    forked: { words: place.forked('eslint-warm.mjs', file) },
    plain: { words: place.plain('eslint-cold.mjs', file) },
    command: !short && { words: [place.node, main, file] },
    eslintD: daemon && { words: [place.node, daemon, file] },
  });
  try {
    return await place.warm('eslint-warm.mjs', file, () => alternate(place, commands, { rounds, gapMs: GAP_MS }));
  } finally {
    if (daemon) place.run([place.node, daemon, 'stop']);
  }
}
