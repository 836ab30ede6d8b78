/** Warm calls of a one-line script beside other programs. */
import { join } from 'node:path';
import { checkedCommands } from '../commands.mjs';
import { alternate } from '../timer.mjs';

const GAP_MS = 20;
const BURST = 10;

/** What is fast enough to be measured once more with another output. */
const fast = ['true', 'forked', 'linked', 'shell', 'bun', 'esbuild'];

export async function measureCalls(place, { calls, short, tools }) {
  const commands = commandsOf(place, tools);
  try {
    return await place.warm('hello.mjs', async () => ({
      gaps: await alternate(place, commands, { rounds: calls, gapMs: GAP_MS }),
      ...(short ? {} : await measureOtherKinds(place, commands, calls)),
    }));
  } finally {
    if (tools.chiark) place.run([tools.chiark, '--kill', '-U', 'perl', place.file('hello.pl')]);
  }
}

async function measureOtherKinds(place, commands, calls) {
  return {
    gapsNull: await alternate(place, withoutPipe(commands), { rounds: calls, gapMs: GAP_MS }),
    backToBack: await alternate(place, commands, { rounds: Math.ceil(calls / BURST), burst: BURST }),
  };
}

function commandsOf(place, { bun, esbuild, chiark }) {
  const [, ...args] = place.forked('hello.mjs');
  return checkedCommands(place, /hello/, {
    true: { words: ['/bin/true'], silent: true },
    forked: { words: place.forked('hello.mjs') },
    linked: { words: [place.link, ...args] },
    // What the link costs at least.
    shell: { words: [place.write('empty', '#!/bin/sh\n', 0o755)], silent: true },
    node: { words: [place.node, '-e', '0'], silent: true },
    script: { words: place.plain('hello.mjs') },
    // Node 20 does not know the variable.
    cached: place.major >= 22 && {
      words: place.plain('hello.mjs'),
      variables: { NODE_COMPILE_CACHE: join(place.root, 'home', 'cache') },
    },
    bun: bun && { words: [bun, '-e', '0'], silent: true },
    esbuild: esbuild && { words: [esbuild, '--version'], silent: true },
    chiark: chiark && { words: [chiark, '-U', 'perl', place.file('hello.pl')] },
  });
}

function withoutPipe(commands) {
  const chosen = Object.entries(commands).filter(([name]) => fast.includes(name));
  return Object.fromEntries(chosen.map(([name, command]) => [name, { ...command, output: 'null' }]));
}
