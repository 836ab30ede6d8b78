import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { paths } from '../helpers/index.js';
import { collectMessages } from './messages.js';

const page = readFileSync(join(paths.packageRoot, 'docs', 'troubleshooting.md'), 'utf8');

/** The lines that have an entry: what stands in the first column of a table, and the items of the ident, which the text names. */
const entries = page.split('\n').flatMap((line) => {
  const cell = /^\| (.*?`) .*?\| /.exec(line)?.[0] ?? (/^The items with|^\(of capabilities\)/.test(line) ? line : '');
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text ?? '');
});
const messages = [...new Map(collectMessages().map((message) => [message.text, message])).values()];

/** The text of a message as a pattern, with what is put into it as groups. */
function pattern(text: string, group = '(.*?)'): string {
  const parts = text.split('\0').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return parts.join(group);
}

/** A message can be a part of a line, as in `running SCRIPT plainly: REASON`; but not a part of a word. */
function hasEntry(text: string): boolean {
  const part = new RegExp(`(?<![A-Za-z])${pattern(text)}(?![a-z])`);
  return entries.some((entry) => part.test(entry));
}

/** Where two groups stand side by side, the first is tried short and long. */
const wholes = messages.flatMap(({ text }) =>
  ['(.*?)', '(.*)'].map((group) => new RegExp(`^${pattern(text, group)}$`)),
);

/** Whether a line is a message, and what is put into it are messages, words in capitals, or names. */
function isSaid(line: string): boolean {
  if (/^[A-Z/]*$|^(left|call|logSocket|autoreloadExtra|ignoreVariables|NAME, )$/.test(line)) return true;
  return wholes.some((whole) => whole.exec(line)?.slice(1).every(isSaid));
}

t.ok(messages.length > 150, 'messages are found in the sources');
for (const { file, text } of messages)
  t.ok(hasEntry(text), `${file} can say "${text.replaceAll('\0', '...')}": docs/troubleshooting.md has it`);
for (const entry of entries)
  t.ok(isSaid(entry.replace(/^prefork-interp: /, '')) || isSaid(entry), `"${entry}" is said by the sources`);
