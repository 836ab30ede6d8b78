/** `prefork ls`: the servers that are there. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { entryPath, listBelongings, listServers, readMemory, readStat, type Server } from '../rundir/index.js';
import { defineCommand, JSON_OPTION } from './command.js';
import { ExitCode } from './failure.js';
import { type Cell, type Colour, formatTable } from './table.js';
import { secondsSince, shortDuration } from './times.js';
import { usableRunDirectory } from './usable.js';

export const lsCommand = defineCommand({
  usage: ['ls', 'list', 'ps', 'status'],
  describe: 'list the servers',
  options: (parser) => parser.option('json', JSON_OPTION),
  run: ({ json }) => printServers(json),
});

/** Prints the servers of this user to stdout, as a table with a header or as a JSON array, either possibly empty. */
function printServers(json: boolean): ExitCode {
  const directory = usableRunDirectory();
  const rows = describeServers(directory === undefined ? [] : listServers(directory));
  process.stdout.write(json ? toJson(rows) : toTable(rows));
  return ExitCode.Done;
}

interface Row {
  readonly server: Server;
  readonly state: State;
  readonly processes: number;
  /** Of all that belongs to it; `undefined` when the kernel does not tell. */
  readonly memory: number | undefined;
}

/** idle: it waits. busy: calls run. stopped: by a signal, so that calls run plainly. leaving: it has lost its socket and takes no more calls. */
type State = 'idle' | 'busy' | 'stopped' | 'leaving';
const COLOURS: Readonly<Record<State, Colour>> = { idle: 'dim', busy: 'green', stopped: 'red', leaving: 'yellow' };

function describeServers(servers: readonly Server[]): Row[] {
  const belongings = listBelongings(servers);
  return servers.map((server, index) => {
    const pids = belongings[index] ?? [];
    return { server, state: stateOf(server), processes: pids.length, memory: addUp(pids.map(readMemory)) };
  });
}

function stateOf({ pid, directory, ident, running }: Server): State {
  if (readStat(pid)?.state.toLowerCase() === 't') return 'stopped';
  if (!existsSync(entryPath(directory, 'socket', ident))) return 'leaving';
  return running > 0 ? 'busy' : 'idle';
}

/** A process that has ended meanwhile has no memory; where no process tells, nobody knows. */
function addUp(sizes: readonly (number | undefined)[]): number | undefined {
  const known = sizes.filter((size) => size !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, size) => sum + size, 0);
}

function toJson(rows: readonly Row[]): string {
  const items = rows.map(({ server, state, processes, memory }) => {
    const { directory, ident, startTime: _, parts: __, files: ___, lastUse, ...rest } = server;
    return {
      ident,
      ...rest,
      state,
      ageSeconds: secondsSince(rest.since),
      lastUse,
      lastUseSeconds: secondsSince(lastUse),
      processes,
      memoryBytes: memory ?? null,
      socket: entryPath(directory, 'socket', ident),
    };
  });
  return `${JSON.stringify(items, null, 2)}\n`;
}

const IDENT_SHOWN = 12;

/** The directories are shown only where servers of one script have several. */
function toTable(rows: readonly Row[]): string {
  const directories = rows.some((row) =>
    rows.some(({ server: { script, cwd } }) => script === row.server.script && cwd !== row.server.cwd),
  );
  const header = ['IDENT', 'PID', 'STATE', 'CALLS', 'RUNNING', 'USED', 'AGE', 'MEMORY', 'NODE'];
  return formatTable(
    [...header, ...(directories ? ['DIRECTORY'] : []), 'SCRIPT'],
    rows.map((row) => toCells(row, directories)),
    ['NODE', 'PID', 'AGE', 'RUNNING'],
    process.stdout,
  );
}

function toCells({ server, state, memory }: Row, directories: boolean): Cell[] {
  return [
    server.ident.slice(0, IDENT_SHOWN),
    String(server.pid),
    { text: state, colour: COLOURS[state] },
    String(server.calls),
    String(server.running),
    `${shortDuration(secondsSince(server.lastUse))} ago`,
    shortDuration(secondsSince(server.since)),
    memory === undefined ? '-' : `${Math.round(memory / (1 << 20))}M`,
    server.nodeVersion,
    ...(directories ? [withTilde(server.cwd)] : []),
    withTilde(server.script),
  ];
}

function withTilde(path: string): string {
  const home = `${homedir()}/`;
  return home.length > 2 && path.startsWith(home) ? `~/${path.slice(home.length)}` : path;
}
