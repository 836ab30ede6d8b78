import { join } from 'node:path';
import { packageRoot } from './paths.js';
import type { Place } from './place.js';
import type { Result, RunOptions } from './run.js';

/** Runs the management command in a place. */
export function prefork(place: Place, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return place.startProgram(process.execPath, [join(packageRoot, 'bin', 'prefork'), ...args], options).ended;
}
