/** The names in a run directory: a letter for the kind of entry, then the ident of the server. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const LETTERS = { socket: 's', lock: 'l', information: 'i', unforkable: 'u' } as const;

/** What an entry is: the server's socket, the lock of those who start it, its information, or the note that it cannot fork. */
export type EntryKind = keyof typeof LETTERS;

/** The path of an entry. */
export function entryPath(directory: string, kind: EntryKind, ident: string): string {
  return join(directory, LETTERS[kind] + ident);
}

/** The idents that any of the entries of these kinds in a directory names, sorted, each once. */
export function listIdents(directory: string, ...kinds: EntryKind[]): string[] {
  const letters = new Set<string>(kinds.map((kind) => LETTERS[kind]));
  const named = readdirSync(directory).filter((name) => name.length > 1 && letters.has(name.charAt(0)));
  return [...new Set(named.map((name) => name.slice(1)))].sort();
}
