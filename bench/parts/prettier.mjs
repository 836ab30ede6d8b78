/** Prettier on one small file: warm calls of a stub, plain runs, and the daemon made for it. */
import { checkedCommands } from '../commands.mjs';
import { alternate } from '../timer.mjs';

const GAP_MS = 20;

export async function measurePrettier(place, { calls, tools: { prettier, prettierD } }) {
  if (!prettier) return undefined;
  const input = place.file('small.js');
  const commands = checkedCommands(place, /sorted/, {
    true: { words: ['/bin/true'], silent: true },
    forked: { words: place.forked('prettier-warm.mjs'), input },
    plain: { words: place.plain('prettier-warm.mjs'), input },
    command: { words: [place.node, prettier, '--stdin-filepath', input], input },
    prettierD: prettierD && { words: [place.node, prettierD, input], input },
  });
  try {
    return await place.warm('prettier-warm.mjs', () => alternate(place, commands, { rounds: calls, gapMs: GAP_MS }));
  } finally {
    if (prettierD) place.run([place.node, prettierD, 'stop']);
  }
}
