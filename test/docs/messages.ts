/** Collects from the sources what the programs say: every string of C and TypeScript that has a blank in it, less what is named below. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { paths } from '../helpers/index.js';

export interface Message {
  readonly file: string;
  /** As in the source, with the parts that differ (%s, ${...}) as `\0`. */
  readonly text: string;
}

const root = paths.packageRoot;
const FOLDERS = ['native/launcher', 'native/addon', 'native/monitor', 'lib'];

/** Strings with blanks that nobody is told. A string is left out when one of these matches it, in a file whose path begins so. */
const NO_MESSAGES: readonly (readonly [path: string, text: RegExp, why: string])[] = [
  ['native/launcher/options.c', /^usage: /, 'the text of --help'],
  ['native/launcher/options.c', /^prefork-interp \0?/, 'the text of --version'],

  ['native/launcher/greeting.c', /^\) [Tt]$/, 'the state in /proc/PID/stat'],
  ['native/monitor/standing.c', /^\) \0|^tfd: |^\0 0x\0$/, 'the form of a file in /proc'],
  ['native/launcher/watcher.c', /%107/, 'the form of what a server says to its watcher'],
  ['native/launcher/marker.c', /^unforkable 1$|^chang(ed|ing) 1$|^\0 \0 /, 'the form of a file'],
  ['native/addon/marker.c', /^unforkable 1$|^chang(ed|ing) 1$|^% %/, 'the form of a file'],
  ['native/launcher/setup.c', /^prefork-interp notes$|^PREFORK_INTERP=|\0,\0/, 'what setup is handed'],
  ['native/launcher/wrapper.c', /^exec "/, 'the form of a wrapper'],
  ['native/launcher/shortage.c', /^\0 \0 \0$|^inactive_file $/, 'the form of a file in /proc or /sys'],
  ['native/addon/log.c', /\0 \0|^<\0>/, 'the form of a log line, whose text comes from elsewhere'],
  ['native/addon/fork.c', /^\0-|%/, 'the form of a file in /proc'],
  ['native/addon/kept.c', /Umask: /, 'the form of a file in /proc'],
  ['native/addon/words.c', / rw$/, 'the form of a file in /proc'],
  ['native/addon/fork.c', /^mov /, 'a machine instruction'],
  ['lib/executor/', /^\0 \0$|^%s %o$/, 'nobody reads what the rehearsal prints'],
  ['lib/cli/command-line.ts', /^(\$0 COMMAND|Exit status: |Did you mean)/, 'the text of --help, and what yargs says'],
  ['lib/cli/', /^\0 ago$/, 'what `prefork ls` prints'],
  ['lib/cli/bench/describe.ts', /./, 'what `prefork bench` prints'],
  ['lib/cli/bench/measure.ts', /^the first run$|^round /, 'its progress'],
  ['lib/cli/completion.ts', /^# prefork completion/, 'a script for a shell'],
  ['lib/cli/doctor', /./, 'what `prefork doctor` prints, each line with what to do'],
  ['lib/cli/why-text.ts', /./, 'what `prefork why` prints'],
  ['lib/rundir/', /^looks 1$|^(unforkable|changing) 1$|^it cannot be forked: \0$/, 'the form of a file'],
  ['lib/rundir/', /^Pss/, 'the form of a file in /proc'],
];

export function collectMessages(): Message[] {
  const all = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(c|ts)$/.test(name))
      .flatMap((name) => {
        const file = join(folder, name);
        const source = readFileSync(join(root, file), 'utf8');
        const texts = name.endsWith('.c') ? stringsOfC(source) : stringsOfTypeScript(file, source);
        return texts.map((text) => ({ file, text: text.replace(/\n+$/, '') }));
      }),
  );
  return [...all, ...ofFinder()]
    .filter(({ text }) => /\S \S/.test(text))
    .filter((message) => leftOut(message) === undefined);
}

/** What the shell scripts in bin/ say. */
function ofFinder(): Message[] {
  return ['bin/prefork-interp', 'bin/without-launcher.sh'].flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    const printed = source.matchAll(/"prefork-interp: (.*)" >&2/g);
    const failures = source.matchAll(/(?:pfi_fail |pfi_why=)(?:"(.*?)"|'(.*?)')/g);
    return [...printed, ...failures]
      .map(([, text, other = '']) => text ?? other)
      .filter((text) => text !== '$1')
      .map((text) => ({ file, text: text.replace(/\$(\w+|\{[^}]*\})/g, '\0') }));
  });
}

function leftOut({ file, text }: Message): string | undefined {
  return NO_MESSAGES.find(([path, pattern]) => file.startsWith(path) && pattern.test(text))?.[2];
}

/** Adjacent literals are one string. Numbers and texts that printf puts in differ. */
function stringsOfC(source: string): string[] {
  const token = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\])+'|^\s*#.*$|("(?:\\.|[^"\\])*")/gm;
  const joined = source.replace(token, (all, literal?: string) => (literal === undefined ? ' ' : all));
  const found = joined.matchAll(/"(?:\\.|[^"\\])*"(?:\s*(?:PRI\w+\s*)?"(?:\\.|[^"\\])*")*/g);
  return [...found].map(([literals]) => {
    const text = [...literals.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(([, part]) => part).join('');
    const plain = text
      .replace(/\\x[0-9a-f]{2}/g, ' ')
      .replaceAll('\\n', '\n')
      .replace(/\\(.)/g, '$1');
    return plain
      .replace(/%[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|j|z)?[a-zA-Z]/g, '\0')
      .replaceAll('%%', '%');
  });
}

function stringsOfTypeScript(file: string, source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || isHelp(node)) return;
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
    if (ts.isTemplateExpression(node))
      found.push(node.head.text + node.templateSpans.map(({ literal }) => `\0${literal.text}`).join(''));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return found;
}

/** The text of --help: a property of a command or of an option. */
function isHelp(node: ts.Node): boolean {
  return ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && /^(describe|usage)$/.test(node.name.text);
}
