/** `prefork why`: which server answers a script, what decides that, and what its servers differ in. */
import { spawnSync } from 'node:child_process';
import { entryPath, type Looks, listServers, readLooks, readMarker, type Server } from '../rundir/index.js';
import { defineCommand, JSON_OPTION } from './command.js';
import { ExitCode, Failure } from './failure.js';
import { launcherWords } from './first-line.js';
import { findLauncher } from './launcher.js';
import { namesOfDifferences } from './parts.js';
import { realPath } from './real-path.js';
import { usableRunDirectory } from './usable.js';
import { explainInWords } from './why-text.js';

export const whyCommand = defineCommand({
  usage: 'why <script> [arguments..]',
  describe: 'tell which server answers a script, and what its servers differ in',
  options: (parser) =>
    parser
      .positional('script', { type: 'string', demandOption: true, describe: 'its path, as it is called' })
      .positional('arguments', { type: 'string', array: true, describe: 'they do not matter' })
      .option('all', { type: 'boolean', default: false, describe: 'all that the name of a server covers' })
      .option('json', JSON_OPTION),
  run: ({ script, all, json }) => explainScript(script, all, json),
});

/** What there is to be told of a script. */
export interface Explanation {
  readonly script: string;
  /** Of the server that a call from here and now would have. */
  readonly ident: string;
  readonly socket: string;
  /** What that ident is made of. */
  readonly parts: readonly string[];
  /** What the script's initialisations have looked at; `undefined` before the first. */
  readonly looks: Looks | undefined;
  readonly plainly: string | undefined;
  /** The server of that ident, if it is there. */
  readonly server: Server | undefined;
  /** The script's other servers. */
  readonly others: readonly Server[];
  /** What the servers, and this call, differ in. */
  readonly differ: readonly string[];
}

/** Prints it to stdout. */
function explainScript(script: string, all: boolean, json: boolean): ExitCode {
  const { ident, parts } = askLauncher(script);
  const directory = usableRunDirectory();
  if (directory === undefined) throw new Failure('there is no run directory', ExitCode.None);
  const servers = listServers(directory).filter(
    (one) => one.ident === ident || realPath(one.script) === realPath(script),
  );
  const found: Explanation = {
    script,
    ident,
    socket: entryPath(directory, 'socket', ident),
    parts,
    looks: readLooks(directory, ident),
    plainly: readMarker(directory, ident),
    server: servers.find((one) => one.ident === ident),
    others: servers.filter((one) => one.ident !== ident),
    differ: namesOfDifferences([parts, ...servers.map((server) => server.parts)]),
  };
  process.stdout.write(json ? toJson(found) : explainInWords(found, all));
  return ExitCode.Done;
}

/** It alone knows what an ident is made of. It keeps our descriptors, as whether they are terminals is a part, and tells on another. */
function askLauncher(script: string): { ident: string; parts: string[] } {
  const { error, output, status } = spawnSync(findLauncher(), launcherWords(script, '--explain=3'), {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Failure(`cannot start the launcher: ${error.message}`);
  const [ident, ...parts] = (output[3] ?? '').split('\n').slice(0, -1);
  if (status !== 0 || ident === undefined) throw new Failure('the launcher does not tell');
  return { ident, parts };
}

function toJson({ server, others, ...rest }: Explanation): string {
  const value = {
    ...rest,
    looks: rest.looks ?? null,
    plainly: rest.plainly ?? null,
    server: server === undefined ? null : describe(server),
    others: others.map((other) => ({
      ...describe(other),
      theirs: other.parts.filter((part) => !rest.parts.includes(part)),
      ours: rest.parts.filter((part) => !other.parts.includes(part)),
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function describe({ ident, pid, since, files, calls, lastUse }: Server): object {
  return { ident, pid, since, files, calls, lastUse };
}
