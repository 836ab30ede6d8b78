import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { paths } from '../helpers/index.js';
import { collectMessages } from './messages.js';

const page = readFileSync(join(paths.packageRoot, 'docs', 'troubleshooting.md'), 'utf8');

/** The lines that have an entry: what stands in the first column of a table, and the items of the ident, which the text names. */
const entries = page.split('\n').flatMap((line) => {
  const cell = /^\| (`.*?`) \| /.exec(line)?.[1] ?? /^The items with.*/.exec(line)?.[0];
  const code = (cell ?? (/^\(of capab/.test(line) ? line : '')).matchAll(/`([^`]+)`/g);
  return [...code].map(([, text]) => text ?? '');
});
const messages = [...new Map(collectMessages().map((message) => [message.text, message])).values()];

/** A message can be a part of a line, as in `running SCRIPT plainly: REASON`; but not a part of a word. */
function pattern(text: string): RegExp {
  const parts = text.split('\0').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<![A-Za-z])${parts.join('.*')}(?![a-z])`, 'g');
}

/** A line is made of messages if nothing is left of it but what is put into them: words in capitals. */
function rest(entry: string): string {
  let left = entry;
  for (const { text } of [...messages].sort((a, b) => b.text.length - a.text.length)) {
    const words = text.split('\0').map((part) => part.trim());
    if (pattern(text).test(left)) for (const word of words) if (word.length > 2) left = left.replace(word, ' ');
  }
  return left.replace(/^(prefork(-interp)?|stop|SCRIPT): |[A-Z]+|\b(left|call|path|plainly)\b|[^\w]/g, '');
}

t.ok(messages.length > 150, 'messages are found in the sources');
for (const { file, text } of messages) {
  const shown = text.replaceAll('\0', '...');
  t.ok(
    entries.some((entry) => pattern(text).test(entry)),
    `${file} can say "${shown}": docs/troubleshooting.md has it`,
  );
}
for (const entry of entries) {
  if (entry.includes('no launcher for this machine in')) continue; // bin/prefork-interp, which is no C and no TypeScript.
  t.equal(rest(entry), '', `"${entry}" is said by the sources`);
}
t.match(
  readFileSync(join(paths.packageRoot, 'bin', 'prefork-interp'), 'utf8'),
  'prefork-interp: no launcher for this machine in ',
);
