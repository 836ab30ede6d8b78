/** The files that make a server stale. */
import { basename, dirname, resolve } from 'node:path';
import type { Addon } from '../addon.js';
import type { Options } from '../options.js';
import type { Launch } from './launch.js';
import { loadedFiles } from './loaded.js';

/** Fills the addon's staleness store: what the observer noted, or else what Node and the script can tell. */
export function noteFiles(launch: Launch, addon: Addon, options: Options, alsoCheck: readonly string[]): void {
  if (options.autoreload === false) return;
  const named: string[] = [];
  addResolved(named, options.autoreloadExtra ?? []);
  addResolved(named, alsoCheck);
  if (launch.notes >= 0 && addon.note(launch.notes, named, null)) return;
  const { script } = launch;
  const loaded = loadedFiles();
  const files = script === '' ? [...loaded, ...named] : [script, ...loaded, ...named];
  addon.note(-1, files, launch.since);
}

/** By index: a script may have taken the iterator away from arrays, and Node itself does without it from 22 on. */
function addResolved(names: string[], paths: readonly string[]): void {
  for (let i = 0; i < paths.length; i++) names[names.length] = resolve(paths[i] as string);
}

/** Leaves word for the launcher that this script is to be run plainly for a while, unless a file of it changes. */
export function rememberUnforkable(socket: string | null, addon: Addon, reason: string): void {
  if (socket === null || !basename(socket).startsWith('s')) return;
  addon.writeUnforkable(`${dirname(socket)}/u${basename(socket).slice(1)}`, reason);
}
