/** How a script names the launcher in its first line. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Failure } from './failure.js';

/**
 * The words that the kernel, and env with or without -S, would hand to the launcher for a script's #! line, with an option put before
 * them, if there is one, and the script behind them: one word or several. For a line that does not name the launcher: as for `prefork-interp -U node SCRIPT`.
 * Throws a Failure when the script cannot be read.
 */
export function launcherWords(script: string, option?: string): string[] {
  const own = option === undefined ? [] : [option];
  const [, program = '', rest = ''] = /^#!\s*(\S+)\s*(.*?)\s*$/.exec(firstLine(script)) ?? [];
  if (basename(program) === 'prefork-interp' && rest !== '')
    return [[...own, rest].join(rest.includes(' ') ? ' ' : ','), script];
  const words = rest.split(/\s+/).filter((word) => word !== '-S');
  if (basename(program) === 'env' && basename(words[0] ?? '') === 'prefork-interp')
    return [...own, ...words.slice(1), script];
  return [...own, '-U', 'node', script];
}

function firstLine(script: string): string {
  try {
    return readFileSync(script, 'latin1').split('\n', 1)[0] ?? '';
  } catch (error) {
    throw new Failure(`cannot read ${script}: ${(error as Error).message}`);
  }
}
