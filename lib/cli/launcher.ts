/** The launcher of this package, as the management command starts it. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { programDirectory } from '../addon.js';
import { ExitCode, Failure } from './failure.js';

/** Its number in the header of an ELF file. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const MACHINE_OFFSET = 18;
const HEADER_SIZE = 64;

/**
 * The path of the launcher for this machine. Throws a Failure where there is none. What the kernel refuses to execute is handed to a shell by execvp(3),
 * so nothing but a program for this machine may be started.
 */
export function findLauncher(): string {
  const path = join(programDirectory(), 'prefork-interp');
  if (process.platform !== 'linux' || !isProgramFor(process.arch, path))
    throw new Failure(`there is no launcher for this machine, ${path}: scripts run plainly here`, ExitCode.None);
  return path;
}

function isProgramFor(machine: string, path: string): boolean {
  const header = readHeader(path);
  if (header === undefined || header.toString('latin1', 0, 4) !== '\x7fELF') return false;
  return header.readUInt16LE(MACHINE_OFFSET) === MACHINES[machine];
}

function readHeader(path: string): Buffer | undefined {
  try {
    const header = Buffer.alloc(HEADER_SIZE);
    const descriptor = openSync(path, 'r');
    try {
      return readSync(descriptor, header, 0, HEADER_SIZE, 0) === HEADER_SIZE ? header : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}
