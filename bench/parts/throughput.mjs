/** Calls per second with callers at once. */
import { commandsAtOnce } from '../commands.mjs';
import { median } from '../statistics.mjs';
import { together } from '../timer.mjs';

const TURNS = 3;

export async function measureThroughput(place, { short }) {
  const clients = short ? [4] : [1, 2, 4, 8, 16];
  return await place.warm('hello.mjs', async () => {
    const rows = [];
    for (const count of clients) rows.push(await measureClients(place, count, short ? 1 : 2));
    return rows;
  });
}

/** In turns, as a machine may be slower for a while; the median of each. */
async function measureClients(place, clients, seconds) {
  const commands = commandsAtOnce(place);
  const turns = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const results = {};
    for (const [name, command] of Object.entries(commands)) {
      results[name] = await together(place, command, { clients, seconds });
    }
    turns.push(results);
  }
  const middle = (name, of) => median(turns.map((results) => results[name][of]));
  const figures = (name) => ({
    perSecond: middle(name, 'perSecond'),
    median: middle(name, 'median'),
    p90: middle(name, 'p90'),
  });
  return { clients, ...Object.fromEntries(Object.keys(commands).map((name) => [name, figures(name)])) };
}
