/** Warm calls of a one-line script beside other programs. */
import { join } from 'node:path';
import { alternate } from '../timer.mjs';

const GAP_MS = 20;
const BURST = 10;

/** What is fast enough to be measured once more with another output. */
const fast = ['true', 'forked', 'linked', 'bun', 'esbuild'];

export async function measureCalls(place, { calls, tools }) {
  const commands = commandsOf(place, tools);
  for (const { words, variables } of Object.values(commands)) {
    place.run(words, { variables });
  }
  try {
    return await place.warm('hello.mjs', async () => ({
      gaps: await alternate(place, commands, { rounds: calls, gapMs: GAP_MS }),
      gapsNull: await alternate(place, withoutPipe(commands), { rounds: calls, gapMs: GAP_MS }),
      backToBack: await alternate(place, commands, { rounds: Math.ceil(calls / BURST), burst: BURST }),
    }));
  } finally {
    if (tools.chiark) place.run([tools.chiark, '--kill', '-U', 'perl', place.file('hello.pl')]);
    await place.endServers();
  }
}

function commandsOf(place, { bun, esbuild, chiark }) {
  const [, ...args] = place.forked('hello.mjs');
  const commands = {
    true: { words: ['/bin/true'] },
    forked: { words: place.forked('hello.mjs') },
    linked: { words: [place.link, ...args] },
    node: { words: [place.node, '-e', '0'] },
    script: { words: place.plain('hello.mjs') },
    // Node 20 does not know the variable.
    cached: place.major >= 22 && {
      words: place.plain('hello.mjs'),
      variables: { NODE_COMPILE_CACHE: join(place.root, 'home', 'cache') },
    },
    bun: bun && { words: [bun, '-e', '0'] },
    esbuild: esbuild && { words: [esbuild, '--version'] },
    chiark: chiark && { words: [chiark, '-U', 'perl', place.file('hello.pl')] },
  };
  return Object.fromEntries(Object.entries(commands).filter(([, command]) => command));
}

function withoutPipe(commands) {
  const chosen = Object.entries(commands).filter(([name]) => fast.includes(name));
  return Object.fromEntries(chosen.map(([name, command]) => [name, { ...command, output: 'null' }]));
}
