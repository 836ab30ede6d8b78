/**
 * Proves that a warm call is a plain run: each of many small scripts is run both ways, and whatever can be seen from outside is compared.
 *
 *   npm run fidelity -- [--only TEXT] [--node PATH] [--arrangement KIND,KIND,KIND] [--quiet]
 *
 * Prints a line a script, what differs, and at the end `N passed, N failed`, counted in comparisons.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listArrangements, parseArrangement } from './arrangements.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    node: { type: 'string' },
    arrangement: { type: 'string' },
    quiet: { type: 'boolean', default: false },
  },
});
// Read when the helpers are loaded: whatever imports them is loaded below therefore.
if (values.node !== undefined) process.env['PREFORK_TEST_NODE'] = resolve(values.node);
const { listScripts } = await import('./scripts.js');
const { compareAll, checkExpected, versionUnderTest } = await import('./suite.js');

const version = versionUnderTest();
const chosen = listScripts(
  values.arrangement === undefined ? listArrangements() : [parseArrangement(values.arrangement)],
).filter(({ name, settings }) => name.includes(values.only ?? '') && (settings.since ?? 0) <= version);
const counts = await compareAll(chosen, (text) => {
  if (!values.quiet || text.startsWith('not ok')) process.stdout.write(text);
});
for (const fault of checkExpected(values.only === undefined && values.arrangement === undefined)) {
  process.stdout.write(fault);
  counts.failed++;
}
process.stdout.write(`${chosen.length} scripts, node ${version}\n${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;
