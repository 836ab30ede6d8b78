/** A tool's commands, plainly and through the launcher. */
import { launcher } from '../helpers/paths.js';
import { Place } from '../helpers/place.js';
import { type Mode, modes, type Outcome, run } from './run.js';
import type { Command, Tool } from './tools.js';

export interface Comparison {
  readonly what: string;
  readonly faults: string[];
}

const parts = ['end', 'stdout', 'stderr', 'files'] as const;
const LINES_SHOWN = 8;

/** Tells of each comparison as it is made. */
export async function compareTool(stub: string, tool: Tool, tell: (comparison: Comparison) => void): Promise<void> {
  const place = new Place();
  try {
    const plain = ['node', stub];
    const warm = [launcher, '-U', 'node', stub];
    const [first] = tool.commands;
    if (!first) return;
    // Every mode has had its first and second call before the one that is compared.
    for (let i = 0; i < 2; i++) for (const mode of Object.values(modes)) await run(place, warm, tool, first, mode);
    for (const command of tool.commands)
      for (const [name, mode] of Object.entries(modes)) {
        if (mode.terminal && command.input !== undefined) continue;
        const what = `${command.args.join(' ')} (${name})`;
        tell({ what, faults: await compare(place, [plain, warm], tool, command, mode) });
      }
    tell(served(place, tool));
  } finally {
    const left = await place.leave();
    if (left.length > 0) process.stderr.write(`left behind: ${JSON.stringify(left)}\n`);
  }
}

async function compare(
  place: Place,
  [plain, warm]: [readonly string[], readonly string[]],
  tool: Tool,
  command: Command,
  mode: Mode,
): Promise<string[]> {
  const expected = await run(place, plain, tool, command, mode);
  const found = await run(place, warm, tool, command, mode);
  const status = String(command.status ?? 0);
  const faults =
    expected.end === status
      ? []
      : [`    the plain run ended with ${expected.end}\n${expected.stderr}${expected.stdout}`];
  return faults.concat(
    ...parts.filter((part) => expected[part] !== found[part]).map((part) => show(part, expected, found)),
  );
}

/** A call that ran plainly would say so. That there are servers, and no more than worlds, shows that calls of one world share one. */
function served(place: Place, tool: Tool): Comparison {
  const count = place.servers().length;
  const worlds = Object.keys(modes).length * new Set(tool.commands.map(({ env }) => JSON.stringify(env))).size;
  const faults = count > 0 && count <= worlds ? [] : [`    there are ${worlds} worlds\n`];
  return { what: `is served by ${count} servers`, faults };
}

function show(part: keyof Outcome, expected: Outcome, found: Outcome): string {
  const [left, right] = [expected[part].split('\n'), found[part].split('\n')];
  const at = left.findIndex((line, index) => line !== right[index]);
  const from = at < 0 ? left.length : at;
  const shown = (name: string, lines: string[]) =>
    lines
      .slice(from, from + LINES_SHOWN)
      .map((line) => `      ${name} ${JSON.stringify(line)}\n`)
      .join('');
  return `    ${part}, line ${from + 1}\n${shown('plain', left)}${shown('warm ', right)}`;
}
