/** Takes the documents apart: the files that they tell to save, and the commands that they tell to type. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../helpers/index.js';

export type Step =
  | { readonly kind: 'file'; readonly name: string; readonly content: string }
  /** `output` is what the document shows below the command; undefined where it shows none. */
  | { readonly kind: 'command'; readonly command: string; readonly output: readonly string[] | undefined };

export interface Page {
  readonly name: string;
  readonly steps: readonly Step[];
}

const PROGRAMS = /^ {4}((?:sudo |npm |pnpm |npx |node |prefork |prefork-interp |git |cat ).*)$/;

/** Every page that tells to type something. */
export function readPages(): Page[] {
  const docs = readdirSync(join(paths.packageRoot, 'docs')).filter((name) => name.endsWith('.md'));
  const pages = ['README.md', ...docs.map((name) => join('docs', name))].map((name) => {
    const text = readFileSync(join(paths.packageRoot, name), 'utf8');
    return { name, steps: stepsOfMarkdown(text) };
  });
  const name = join('docs', 'man', 'prefork-interp.1');
  const manual = { name, steps: stepsOfManual(readFileSync(join(paths.packageRoot, name), 'utf8')) };
  return [...pages, manual].filter(({ steps }) => steps.length > 0);
}

/**
 * A ```sh block: a command a line. A ```console block: commands behind `$ `, and what they print. A ```js block below "Save this as
 * `NAME`" is a file. An indented line that begins with a program's name is a command.
 */
function stepsOfMarkdown(text: string): Step[] {
  const steps: Step[] = [];
  let before = '';
  let rest = text.split('\n');
  while (rest.length > 0) {
    const line = rest.shift() ?? '';
    const language = /^```(\w*)$/.exec(line)?.[1];
    const indented = PROGRAMS.exec(line)?.[1];
    if (language !== undefined) {
      const end = rest.indexOf('```');
      steps.push(...stepsOfBlock(language, rest.slice(0, end), before));
      rest = rest.slice(end + 1);
    } else if (indented !== undefined) steps.push({ kind: 'command', command: indented, output: undefined });
    if (line !== '') before = line;
  }
  return steps;
}

function stepsOfBlock(language: string, lines: readonly string[], before: string): Step[] {
  const name = /[Ss]ave this as `([\w.-]+)`/.exec(before)?.[1];
  if (language === 'js' && name !== undefined) return [{ kind: 'file', name, content: `${lines.join('\n')}\n` }];
  if (language === 'sh') return lines.map((command) => ({ kind: 'command', command, output: undefined }));
  return language === 'console' ? stepsOfSession(lines) : [];
}

function stepsOfSession(lines: readonly string[]): Step[] {
  const begins = lines.flatMap((line, index) => (line.startsWith('$ ') ? [index] : []));
  return begins.map((begin, index) => ({
    kind: 'command',
    command: (lines[begin] ?? '').slice(2),
    output: lines.slice(begin + 1, begins[index + 1] ?? lines.length),
  }));
}

/** Its examples: a block that begins with `#!` is the file whose name stands before it, the others hold commands. */
function stepsOfManual(text: string): Step[] {
  const plain = text.replaceAll('\\-', '-').replaceAll('\\(aq', "'");
  const blocks = plain.matchAll(/\.IR (\S+) :\n\.PP\n\.EX\n(#![\s\S]*?)\.EE|\.EX\n([\s\S]*?)\.EE/g);
  return [...blocks].flatMap(([, name, content, session]): Step[] => {
    if (name !== undefined && content !== undefined) return [{ kind: 'file', name, content }];
    return (session ?? '')
      .split('\n')
      .filter((line) => line.startsWith('$ '))
      .map((line) => ({ kind: 'command', command: line.slice(2), output: undefined }));
  });
}
