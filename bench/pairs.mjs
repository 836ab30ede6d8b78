// Compares the calls of this checkout with those of another one, in pairs: node bench/pairs.mjs OTHER [--pairs N] [--node PATH]
// OTHER is the root of a checkout that is built (git worktree add OTHER COMMIT; cd OTHER; npm ci; npm run build). Warm calls of the
// one-line script, first one checkout's, then the other's, then the other way round: what makes the machine slow for a while hits both.
// Prints the medians of both, and of the differences within pairs, with the interval that holds the true median in 95 of 100 such runs.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Place } from './place.mjs';
import { summarise } from './statistics.mjs';
import { buildTimer, samplesInTurns } from './timer.mjs';

const GAP_MS = 10;
const { values, positionals } = parseArgs({
  options: { pairs: { type: 'string', default: '400' }, node: { type: 'string', default: process.execPath } },
  allowPositionals: true,
});
const [other] = positionals;
if (other === undefined) {
  process.stderr.write('pairs: which checkout is the other? node bench/pairs.mjs OTHER\n');
  process.exit(2);
}

buildTimer();
const { stdout: version } = spawnSync(values.node, ['--version'], { encoding: 'utf8' });
const places = [undefined, resolve(other)].map((root) => new Place(values.node, version, root));
try {
  await measure();
} finally {
  for (const place of places) await place.leave();
}

async function measure() {
  for (const place of places) await place.warm('hello.mjs', () => {});
  const commands = Object.fromEntries(
    places.map((place, index) => [index, { words: place.forked('hello.mjs'), variables: place.env, output: 'null' }]),
  );
  const samples = await samplesInTurns(places[0], commands, { rounds: Number(values.pairs), gapMs: GAP_MS });
  const [here, there] = [samples[0], samples[1]];
  report('time', here, there, ({ ns }) => ns / 1e6);
  report('processor', here, there, ({ cpu }) => cpu / 1000);
}

function report(what, here, there, read) {
  const differences = here.map((sample, index) => read(sample) - read(there[index])).sort((one, two) => one - two);
  const [low, high] = interval(differences);
  const text = (number) => `${number.toFixed(3)} ms`;
  const medians = [here, there].map((samples) => text(summarise(samples.map(read)).median));
  process.stdout.write(
    `${what}: here ${medians[0]}, there ${medians[1]}; difference ${text(summarise(differences).median)} (${text(low)} to ${text(high)}), ${differences.length} pairs\n`,
  );
}

/** Of the median, from the order of the numbers alone: nothing is assumed of how they are spread. */
function interval(sorted) {
  const reach = 0.98 * Math.sqrt(sorted.length);
  const at = (place) => sorted[Math.max(0, Math.min(sorted.length - 1, Math.round(place)))];
  return [at(sorted.length / 2 - reach), at(sorted.length / 2 + reach)];
}
