/** How calls and memory grow with the server's heap and with the number of files that initialisation noted. */
import { holding, noting } from '../generated.mjs';
import { alternate, together } from '../timer.mjs';
import { besidePlain } from './first.mjs';
import { memoryOfScript } from './memory.mjs';

const GAP_MS = 20;
const CLIENTS = 4;
const SECONDS = 2;
const HEAPS = [10, 100, 400];
const FILES = [10, 100, 1000, 5000];

export async function measureGrowth(place, { calls }) {
  place.useCopyOfNode();
  const rows = [];
  for (const heap of HEAPS) rows.push({ heap, ...(await measureScript(place, holding(place, heap), calls)) });
  for (const files of FILES) rows.push({ files, ...(await measureScript(place, noting(place, files), calls)) });
  return rows;
}

async function measureScript(place, script, calls) {
  const forked = { words: place.forked(script) };
  const commands = { true: { words: ['/bin/true'] }, forked };
  const warm = await place.warm(script, () => alternate(place, commands, { rounds: calls, gapMs: GAP_MS }));
  const { perSecond } = await together(place, forked, { clients: CLIENTS, seconds: SECONDS });
  await place.endServers();
  const first = await besidePlain(place, Math.ceil(calls / 10), script);
  return { warm, perSecond, first, memory: await memoryOfScript(place, script) };
}
