/** Several calls at once, then a rest: what a hook does for each of some files, or make with its jobs. */
import { commandsAtOnce } from '../commands.mjs';
import { volley } from '../timer.mjs';

const CLIENTS = [1, 2, 4, 8, 16];
const GAP_MS = 50;

export async function measureVolley(place, { calls }) {
  const commands = commandsAtOnce(place);
  const rounds = Math.ceil(calls / 10);
  return await place.warm('hello.mjs', async () => {
    const rows = [];
    for (const clients of CLIENTS)
      rows.push({ clients, ...(await volley(place, commands, { rounds, clients, gapMs: GAP_MS })) });
    return rows;
  });
}
