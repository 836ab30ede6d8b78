/** What `prefork why` prints where it is not asked for JSON: at most a screen, but with --all. */
import type { Looks, Server } from '../rundir/index.js';
import { isVariable, nameOfPart } from './parts.js';
import { printable } from './printable.js';
import { formatTable } from './table.js';
import { secondsSince, shortDuration } from './times.js';
import type { Explanation } from './why.js';

/** `all`: every part of the ident, too. */
export function explainInWords(found: Explanation, all: boolean): string {
  const { script, ident, server, others, plainly, looks, parts } = found;
  const servers = server === undefined ? others : [server, ...others];
  return [
    `${printable(headline(script, servers, found.differ))}\n`,
    `${printable(answer(ident, server, plainly))}\n`,
    ...cure(found.differ, [...servers.flatMap((one) => one.parts), ...parts]).map((line) => `${printable(line)}\n`),
    ...(servers.length > 0 ? ['\n', tableOf(servers, server, found.differ)] : []),
    '\n',
    ...describeLooks(looks).map((line) => `${printable(line)}\n`),
    ...(all ? listAll(parts) : [`${summary(parts)}\n`]),
  ].join('');
}

function headline(script: string, servers: readonly Server[], differ: readonly string[]): string {
  if (servers.length === 0) return `${script}: no server`;
  const count = servers.length === 1 ? 'one server' : `${servers.length} servers`;
  const others = servers.length === 1 ? 'this call differs from it in' : 'they and this call differ in';
  return `${script}: ${count}${differ.length > 0 ? `; ${others} ${listNames(differ)}` : ''}`;
}

function answer(ident: string, server: Server | undefined, plainly: string | undefined): string {
  if (plainly !== undefined) return `this call would run plainly: ${plainly}`;
  if (server === undefined) return `this call would start a server, ${ident.slice(0, IDENT_SHOWN)}`;
  return `this call would be answered by ${ident.slice(0, IDENT_SHOWN)}, pid ${server.pid}; its initialisation looked at ${server.files} files`;
}

/** Only the script's author knows whether a value that one call copied does harm in another. */
function cure(differ: readonly string[], parts: readonly string[]): string[] {
  const copied = new Set(parts.filter((part) => /^(whole|in the) environment: /.test(part)).map(nameOfPart));
  if (differ.length === 0 || !differ.every((name) => copied.has(name))) return [];
  return [`where these do no harm: initialisationComplete({ ignoreVariables: ${JSON.stringify(differ)} })`];
}

const IDENT_SHOWN = 12;

/** Each server with its values of what they differ in. */
function tableOf(servers: readonly Server[], own: Server | undefined, differ: readonly string[]): string {
  return formatTable(
    ['', 'IDENT', 'PID', 'CALLS', 'USED', 'AGE', 'WHAT DIFFERS'],
    servers.map((server) => [
      server === own ? '*' : '',
      server.ident.slice(0, IDENT_SHOWN),
      String(server.pid),
      String(server.calls),
      `${shortDuration(secondsSince(server.lastUse))} ago`,
      shortDuration(secondsSince(server.since)),
      valuesOf(server, differ),
    ]),
    ['AGE', 'PID'],
    process.stdout,
  );
}

function valuesOf({ parts }: Server, differ: readonly string[]): string {
  if (parts.length === 0) return 'its ident was given with -g';
  return parts
    .filter((part) => differ.includes(nameOfPart(part)))
    .map(inShort)
    .join('; ');
}

/** A variable without the words around it. */
function inShort(part: string): string {
  if (!isVariable(part)) return part;
  const name = nameOfPart(part);
  if (part.startsWith('in the environment')) return name;
  const hash = /sha256 (\w+)$/.exec(part)?.[1];
  return hash === undefined ? `no ${name}` : `${name} (${hash})`;
}

function describeLooks(looks: Looks | undefined): string[] {
  if (looks === undefined) return ['what initialisation looks at is not known before the first call'];
  const { allVariables, allNames, ignoredVariables, fixedVariables, variables, directory, umask, terminals } = looks;
  return [
    'initialisation looked at',
    ...(allVariables ? ['  all variables, as it copied its environment or started a program with it'] : []),
    ...(allNames && !allVariables ? ['  the names of all variables'] : []),
    ...(ignoredVariables.length > 0 ? [`  of which the script ignores these: ${ignoredVariables.join(', ')}`] : []),
    ...(fixedVariables ? ['  a fixed list of variables, as there was no observer'] : []),
    ...(variables.length > 0 ? [`  variables: ${variables.join(', ')}`] : []),
    ...(directory ? ['  the current directory'] : []),
    ...(umask ? ['  the umask'] : []),
    ...(terminals.length > 0 ? [`  whether these descriptors are terminals: ${terminals.join(', ')}`] : []),
  ];
}

function summary(parts: readonly string[]): string {
  const variables = new Set(parts.filter(isVariable).map(nameOfPart)).size;
  return `a server's name covers ${variables} variables and ${parts.filter((part) => !isVariable(part)).length} other facts (--all lists them)`;
}

function listAll(parts: readonly string[]): string[] {
  return ["a server's name covers\n", ...parts.map((part) => `  ${printable(part)}\n`)];
}

const NAMES_SHOWN = 8;

function listNames(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return more > 0 ? `${names.slice(0, NAMES_SHOWN).join(', ')} and ${more} more` : names.join(', ');
}
