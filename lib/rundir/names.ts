/** The names in a run directory: a letter for the kind of entry, then the ident of the server. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const LETTERS = { socket: 's', lock: 'l', information: 'i', unforkable: 'u' } as const;

/** What an entry is: the server's socket, the lock of those who start it, its information, or the note that it cannot fork. */
export type EntryKind = keyof typeof LETTERS;

/** The name of an entry. */
export function entryName(kind: EntryKind, ident: string): string {
  return LETTERS[kind] + ident;
}

/** The path of an entry. */
export function entryPath(directory: string, kind: EntryKind, ident: string): string {
  return join(directory, entryName(kind, ident));
}

/** The folder in a run directory for the server of the management command itself, which is neither listed nor counted (native/launcher/rundir.c). */
export function ownDirectory(directory: string): string {
  return join(directory, 'own');
}

/** The idents that any of the entries of these kinds in a directory names, sorted, each once. */
export function listIdents(directory: string, ...kinds: EntryKind[]): string[] {
  const letters = new Set<string>(kinds.map((kind) => LETTERS[kind]));
  const named = readdirSync(directory).filter((name) => name.length > 1 && letters.has(name.charAt(0)));
  return [...new Set(named.map((name) => name.slice(1)))].sort();
}

/** Digits 20 to 31 of an ident are those with which the name of its file of looks begins, behind the `w` (native/shared/world.h). */
const tagOf = (ident: string) => ident.slice(20, 32);
const TAG_DIGITS = 12;

/** The file that says what initialisations of a script looked at, when there is one. */
export function looksPath(directory: string, ident: string): string | undefined {
  const tag = tagOf(ident);
  const name = listLooks(directory).find((one) => tag.length === TAG_DIGITS && one.startsWith(`w${tag}`));
  return name === undefined ? undefined : join(directory, name);
}

/** Such files of scripts that have no server and no lock: the next call makes them anew. */
export function unusedLooks(directory: string): string[] {
  const tags = new Set(listIdents(directory, 'socket', 'lock').map(tagOf));
  return listLooks(directory)
    .filter((name) => !tags.has(name.slice(1, 1 + TAG_DIGITS)))
    .map((name) => join(directory, name));
}

/** The names of files that say which lines were said lately (native/launcher/news.c). */
export function listRemembered(directory: string): string[] {
  return readdirSync(directory).filter((name) => /^p[0-9a-f]{32}$/.test(name));
}

function listLooks(directory: string): string[] {
  return readdirSync(directory).filter((name) => /^w[0-9a-f]{33,}$/.test(name));
}
