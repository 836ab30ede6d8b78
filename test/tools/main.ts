/**
 * Proves that real tools do the same through the launcher as plainly: on pipes and at a terminal, with and without colours, one
 * after the other.
 *
 *   npm run fidelity:tools -- [--only TOOL] [--node PATH]
 *
 * Prints a line a command, what differs, and at the end `N passed, N failed`.
 */
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { installTools } from './install.js';
import { tools } from './tools.js';

const { values } = parseArgs({ options: { only: { type: 'string' }, node: { type: 'string' } } });
// Read when the helpers are loaded, which are loaded below therefore.
if (values.node !== undefined) process.env['PREFORK_TEST_NODE'] = values.node;
const { compareTool } = await import('./compare.js');

const stubs = installTools();
const counts = { passed: 0, failed: 0 };
for (const [name, tool] of Object.entries(tools)) {
  if (!name.includes(values.only ?? '')) continue;
  await compareTool(join(stubs, tool.stub), tool, ({ what, faults }) => {
    process.stdout.write(`${faults.length === 0 ? 'ok' : 'not ok'} ${name} ${what}\n${faults.join('')}`);
    counts[faults.length === 0 ? 'passed' : 'failed']++;
  });
}
process.stdout.write(`${basename(process.env['PREFORK_TEST_NODE'] ?? process.execPath)}\n`);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;
