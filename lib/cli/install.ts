/** `prefork install`: the launcher is put where `#!` can name it. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../here.js';
import { defineCommand } from './command.js';
import { ExitCode, Failure } from './failure.js';
import {
  choosePrefix,
  digest,
  digestOf,
  type Installation,
  LAUNCHER,
  listTargets,
  PREFIX_OPTION,
  readRecord,
  recordTarget,
  type Target,
} from './installation.js';
import { printable } from './printable.js';
import { removeInstalled } from './uninstall.js';
import { packageVersion } from './version.js';

/** The kernel reads so much of a first line, `#!` and line end included. */
const FIRST_LINE_MAX = 255;

export const installCommand = defineCommand({
  usage: 'install',
  describe: 'copy the launcher to where #! can name it, and print that line',
  options: (parser) => parser.option('prefix', PREFIX_OPTION),
  run: ({ prefix }) => installLauncher(prefix, packageVersion()),
});

/**
 * Copies the launcher and what it needs to a prefix and prints the `#!` line. Throws a Failure, with nothing changed, when something
 * is in the way that was not installed by this command, or when the launcher does not run there.
 */
function installLauncher(given: string | undefined, version: string): ExitCode {
  const prefix = choosePrefix(given);
  const targets = listTargets();
  const before = readRecord(prefix);
  try {
    for (const target of targets) checkFree(prefix, target, before);
    replaceFiles(prefix, [...targets, recordTarget(version, targets)]);
  } catch (error) {
    throw asFailure(error);
  }
  const kept = new Set(targets.map(({ path }) => path));
  if (before !== undefined) removeInstalled(prefix, before, (path) => !kept.has(path));
  const launcher = join(prefix, LAUNCHER);
  process.stdout.write(`installed ${printable(launcher)} ${version}; scripts that use it begin with\n`);
  printFirstLine(launcher);
  return ExitCode.Done;
}

/** What was there before is replaced only if it was installed by us, and is as it was then. */
function checkFree(prefix: string, { path, content }: Target, before: Installation | undefined): void {
  const place = join(prefix, path);
  const found = digestOf(place);
  if (found === undefined || found === digest(content)) return;
  if (found !== null && found === before?.files[path]) return;
  throw new Failure(`cannot install ${place}: ${whatIsThere(place)}`, ExitCode.None);
}

function whatIsThere(place: string): string {
  if (!lstatSync(place).isSymbolicLink()) return 'there is one that this command has not put there; try --prefix';
  if (existsSync(place) && realpathSync(place) === realpathSync(join(packageRoot, 'bin', 'prefork-interp')))
    return `npm has put a link there, which #! can name as it is ("#!${place} -U node"); a copy elsewhere starts faster: try --prefix`;
  return `there is a link to ${readlinkSync(place)}; try --prefix`;
}

/** All are written beside their places first, and the launcher is tried: then nothing but renaming is left to fail. */
function replaceFiles(prefix: string, targets: readonly Target[]): void {
  const fresh = targets.map((target) => ({ ...target, temporary: join(prefix, `${target.path}.${process.pid}`) }));
  try {
    for (const { path, content, mode, temporary } of fresh) {
      makeDirectory(dirname(join(prefix, path)));
      rmSync(temporary, { force: true });
      writeFileSync(temporary, content, { flag: 'wx' });
      chmodSync(temporary, mode);
      if (path === LAUNCHER) tryLauncher(temporary, join(prefix, path));
    }
    for (const { path, temporary } of fresh) renameSync(temporary, join(prefix, path));
  } finally {
    for (const { temporary } of fresh) rmSync(temporary, { force: true });
  }
}

/** Readable by all, whatever the umask: a launcher in /usr/local is for all users. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path);
  chmodSync(path, 0o755);
}

/** A file system mounted noexec, or a package for another machine, shows here and not at the first script. */
function tryLauncher(program: string, place: string): void {
  const { error, status } = spawnSync(program, ['--version'], { stdio: 'ignore' });
  if (error === undefined && status === 0) return;
  const why = (error as NodeJS.ErrnoException | undefined)?.code ?? `status ${status}`;
  throw new Failure(`cannot install ${place}: it does not run there (${why})`, ExitCode.None);
}

/** A path that is too long or has a blank cannot stand after `#!`: there env has to find the launcher through PATH. */
function printFirstLine(launcher: string): void {
  const line = `#!${launcher} -U node`;
  if (/^[\x21-\x7e\u0080-\uffff]+$/.test(launcher) && Buffer.byteLength(line) < FIRST_LINE_MAX) {
    process.stdout.write(`${line}\n`);
    return;
  }
  process.stdout.write('#!/usr/bin/env -S prefork-interp -U node\n');
  process.stderr.write(`prefork: that path cannot stand after #!: have ${printable(dirname(launcher))} in PATH\n`);
}

function asFailure(error: unknown): unknown {
  if (error instanceof Failure || typeof (error as NodeJS.ErrnoException).code !== 'string') return error;
  return new Failure(`cannot install: ${(error as Error).message}`, ExitCode.None);
}
