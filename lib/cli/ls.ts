/** `prefork ls`: the servers that are there. */
import { entryPath, listServers, readMemory, type Server } from '../rundir/index.js';
import { defineCommand, JSON_OPTION } from './command.js';
import { ExitCode } from './failure.js';
import { printable } from './printable.js';
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
  const servers = directory === undefined ? [] : listServers(directory);
  process.stdout.write(json ? toJson(servers) : toTable(servers));
  return ExitCode.Done;
}

function toJson(servers: readonly Server[]): string {
  const items = servers.map(({ directory, ident, startTime: _, parts: __, files: ___, ...rest }) => ({
    ident,
    ...rest,
    ageSeconds: ageInSeconds(rest.since),
    memoryBytes: readMemory(rest.pid) ?? null,
    socket: entryPath(directory, 'socket', ident),
  }));
  return `${JSON.stringify(items, null, 2)}\n`;
}

const IDENT_SHOWN = 12;

function toTable(servers: readonly Server[]): string {
  const rows = servers.map((server) => [
    server.ident.slice(0, IDENT_SHOWN),
    String(server.pid),
    age(ageInSeconds(server.since)),
    memory(readMemory(server.pid)),
    server.nodeVersion,
    server.script,
  ]);
  return table([['IDENT', 'PID', 'AGE', 'MEMORY', 'NODE', 'SCRIPT'], ...rows]);
}

function table(rows: readonly (readonly string[])[]): string {
  const texts = rows.map((row) => row.map(printable));
  const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  return texts
    .map(
      (row) =>
        `${row
          .map((text, column) => text.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function ageInSeconds(since: Date): number {
  return Math.max(0, Math.floor((Date.now() - since.getTime()) / 1000));
}

/** In the largest unit of which there are at least two: 119s, 119m, 47h, 2d. */
function age(seconds: number): string {
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86400)}d`;
}

function memory(bytes: number | undefined): string {
  return bytes === undefined ? '-' : `${Math.round(bytes / (1 << 20))}M`;
}
