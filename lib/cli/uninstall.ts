/** `prefork uninstall`: takes away what `prefork install` has put there, and nothing else. */
import { rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineCommand } from './command.js';
import { ExitCode, Failure } from './failure.js';
import {
  choosePrefix,
  digestOf,
  FOLDER,
  type Installation,
  LAUNCHER,
  PREFIX_OPTION,
  readRecord,
  recordPath,
} from './installation.js';
import { printable } from './printable.js';

export const uninstallCommand = defineCommand({
  usage: 'uninstall',
  describe: 'take away what install has put there',
  options: (parser) => parser.option('prefix', PREFIX_OPTION),
  run: ({ prefix }) => uninstallLauncher(prefix),
});

/** Removes the installation below a prefix. A file that has changed since stays, with a line. */
function uninstallLauncher(given: string | undefined): ExitCode {
  const prefix = choosePrefix(given);
  const installation = readRecord(prefix);
  if (installation === undefined) {
    process.stderr.write(`prefork: nothing is installed in ${printable(prefix)}\n`);
    return ExitCode.None;
  }
  const left = removeInstalled(prefix, installation, () => true);
  remove(recordPath(prefix));
  removeEmptyFolders(prefix, Object.keys(installation.files));
  if (!left.includes(LAUNCHER)) process.stdout.write(`removed ${printable(join(prefix, LAUNCHER))}\n`);
  for (const path of left)
    process.stderr.write(`prefork: ${printable(join(prefix, path))} has changed since it was installed: it stays\n`);
  return left.length === 0 ? ExitCode.Done : ExitCode.None;
}

/** Removes the files of an installation that `isMeant` names. Returns those that have changed since, which stay. */
export function removeInstalled(
  prefix: string,
  { files }: Installation,
  isMeant: (path: string) => boolean,
): readonly string[] {
  const left: string[] = [];
  for (const [path, installed] of Object.entries(files)) {
    if (!isMeant(path)) continue;
    const found = digestOf(join(prefix, path));
    if (found === installed) remove(join(prefix, path));
    else if (found !== undefined) left.push(path);
  }
  return left;
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw new Failure(`cannot remove ${path}: ${(error as Error).message}`, ExitCode.None);
  }
}

/** Those of ours, from the deepest up. One that still holds something stays. */
function removeEmptyFolders(prefix: string, paths: readonly string[]): void {
  const folders = new Set([FOLDER]);
  for (const path of paths)
    for (let folder = dirname(path); folder.startsWith(`${FOLDER}/`); folder = dirname(folder)) folders.add(folder);
  for (const folder of [...folders].sort().reverse()) {
    try {
      rmdirSync(join(prefix, folder));
    } catch {
      // Not empty, or gone already.
    }
  }
}
