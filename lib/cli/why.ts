/** `prefork why`: which server answers a script, what decides that, and what others of it differ in. */
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { programDirectory } from '../addon.js';
import { entryPath, type Looks, listServers, readLooks, readMarker, type Server } from '../rundir/index.js';
import { defineCommand, JSON_OPTION } from './command.js';
import { ExitCode, Failure } from './failure.js';
import { printable } from './printable.js';
import { usableRunDirectory } from './usable.js';

interface Explanation {
  readonly ident: string;
  readonly socket: string;
  readonly parts: readonly string[];
  readonly looks: Looks | undefined;
  readonly unforkable: string | undefined;
  readonly server: Server | undefined;
  readonly others: readonly Other[];
}

/** Another server of the script, and the parts that it and this call do not have in common. */
interface Other {
  readonly server: Server;
  readonly theirs: readonly string[];
  readonly ours: readonly string[];
}

export const whyCommand = defineCommand({
  usage: 'why <script> [arguments..]',
  describe: 'tell which server answers a script, and what others of it differ in',
  options: (parser) =>
    parser
      .positional('script', { type: 'string', demandOption: true, describe: 'its path, as it is called' })
      .positional('arguments', { type: 'string', array: true, describe: 'they do not matter' })
      .option('json', JSON_OPTION),
  run: ({ script, json }) => explainScript(script, json),
});

/** Prints it to stdout. */
function explainScript(script: string, json: boolean): ExitCode {
  const { ident, parts } = askLauncher(script);
  const directory = usableRunDirectory();
  if (directory === undefined) throw new Failure('there is no run directory', ExitCode.None);
  const servers = listServers(directory);
  const server = servers.find((one) => one.ident === ident);
  const found = {
    ident,
    socket: entryPath(directory, 'socket', ident),
    parts,
    looks: readLooks(directory, ident),
    unforkable: readMarker(directory, ident),
    server,
    others: servers
      .filter((one) => one !== server && realPath(one.script) === realPath(script))
      .map((one) => compare(one, parts)),
  };
  process.stdout.write(json ? toJson(found) : toText(found));
  return ExitCode.Done;
}

/** It alone knows what an ident is made of. It keeps our descriptors, as whether they are terminals is a part, and tells on another. */
function askLauncher(script: string): { ident: string; parts: string[] } {
  const words = launcherWords(script);
  const { error, output, status } = spawnSync(join(programDirectory(), 'prefork-interp'), words, {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Failure(`cannot start the launcher: ${error.message}`);
  const [ident, ...parts] = (output[3] ?? '').split('\n').slice(0, -1);
  if (status !== 0 || ident === undefined) throw new Failure('the launcher does not tell');
  return { ident, parts };
}

/**
 * What the kernel, and env with or without -S, would hand to the launcher for the script's #! line: one word or several. Without a line that
 * names it: as for `prefork-interp -U node SCRIPT`.
 */
function launcherWords(script: string): string[] {
  const EXPLAIN = '--explain=3';
  const [, program = '', rest = ''] = /^#!\s*(\S+)\s*(.*?)\s*$/.exec(firstLine(script)) ?? [];
  if (basename(program) === 'prefork-interp' && rest !== '')
    return [`${EXPLAIN}${rest.includes(' ') ? ' ' : ','}${rest}`, script];
  const words = rest.split(/\s+/).filter((word) => word !== '-S');
  if (basename(program) === 'env' && basename(words[0] ?? '') === 'prefork-interp')
    return [EXPLAIN, ...words.slice(1), script];
  return [EXPLAIN, '-U', 'node', script];
}

function firstLine(script: string): string {
  try {
    return readFileSync(script, 'latin1').split('\n', 1)[0] ?? '';
  } catch (error) {
    throw new Failure(`cannot read ${script}: ${(error as Error).message}`);
  }
}

function compare(server: Server, parts: readonly string[]): Other {
  return {
    server,
    theirs: server.parts.filter((part) => !parts.includes(part)),
    ours: parts.filter((part) => !server.parts.includes(part)),
  };
}

function toJson({ server, others, ...rest }: Explanation): string {
  const value = {
    ...rest,
    looks: rest.looks ?? null,
    unforkable: rest.unforkable ?? null,
    server: server === undefined ? null : describe(server),
    others: others.map((other) => ({ ...describe(other.server), theirs: other.theirs, ours: other.ours })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function describe({ ident, pid, since, files }: Server): object {
  return { ident, pid, since, files };
}

function toText({ ident, parts, looks, unforkable, server, others }: Explanation): string {
  const lines = [
    `ident ${ident}`,
    server === undefined
      ? 'no server of this ident runs: the next call starts one'
      : `its server runs: pid ${server.pid}, since ${server.since.toISOString()}; it looked at ${server.files} files`,
    ...(unforkable === undefined ? [] : [`it cannot be forked: ${unforkable}`]),
    '',
    'initialisation looked at:',
    ...describeLooks(looks).map((line) => `  ${line}`),
    '',
    'the ident covers:',
    ...parts.map((line) => `  ${line}`),
    ...others.flatMap(describeOther),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function describeLooks(looks: Looks | undefined): string[] {
  if (looks === undefined) return ['(not known before the first call)'];
  const { allVariables, fixedVariables, variables, directory, terminals } = looks;
  return [
    ...(allVariables ? ['all variables but volatile ones'] : []),
    ...(fixedVariables ? ['a fixed list of variables, as there was no observer'] : []),
    ...(variables.length > 0 ? [`variables: ${variables.join(', ')}`] : []),
    ...(directory ? ['the current directory'] : []),
    ...(terminals.length > 0 ? [`whether these descriptors are terminals: ${terminals.join(', ')}`] : []),
  ];
}

function describeOther({ server, theirs, ours }: Other): string[] {
  const known = server.parts.length > 0;
  return [
    '',
    `another server of the script: ${server.ident}, pid ${server.pid}, since ${server.since.toISOString()}`,
    ...(known ? [] : ['  its ident was given with -g']),
    ...(known ? theirs.map((part) => `  - ${part}`) : []),
    ...(known ? ours.map((part) => `  + ${part}`) : []),
  ];
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
