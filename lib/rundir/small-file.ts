/** Opened without following links or waiting for a pipe's writer, and bounded: a name says nothing about what lies there. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** The text of a file; `undefined` when it is not there, is no file or is larger than `most` bytes. */
export function readSmallFile(path: string, most: number): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const found = fstatSync(descriptor);
    return found.isFile() && found.size <= most ? readFileSync(descriptor, 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}
