/** What initialisations of a script looked at, and why it is run plainly: the files that servers leave. */
import { entryPath, looksPath } from './names.js';
import { readSmallFile } from './small-file.js';

/** The content of a file of looks (native/shared/looks.c). */
export interface Looks {
  /** The environment was copied: every variable, as much as it weighs (docs/variables.md). */
  readonly allVariables: boolean;
  /** The names of all variables were listed. */
  readonly allNames: boolean;
  /** Names that do not count in either, as the script says. */
  readonly ignoredVariables: readonly string[];
  /** A fixed list of variables: there was no observer. */
  readonly fixedVariables: boolean;
  readonly variables: readonly string[];
  readonly directory: boolean;
  readonly umask: boolean;
  /** The descriptors that it asked about whether they are terminals. */
  readonly terminals: readonly number[];
}

const LARGEST_LOOKS = 16 * 1024;
const LARGEST_MARKER = 8 << 20;

/** `undefined` when nothing is known yet. */
export function readLooks(directory: string, ident: string): Looks | undefined {
  const path = looksPath(directory, ident);
  const text = path === undefined ? undefined : readSmallFile(path, LARGEST_LOOKS);
  const [first, ...lines] = text?.split('\n').slice(0, -1) ?? [];
  if (first !== 'looks 1') return undefined;
  const after = (letter: string) => lines.filter((line) => line.startsWith(letter)).map((line) => line.slice(1));
  return {
    allVariables: lines.includes('a'),
    allNames: lines.includes('n'),
    ignoredVariables: after('i'),
    fixedVariables: lines.includes('f'),
    variables: after('e'),
    directory: lines.includes('d'),
    umask: lines.includes('k'),
    terminals: after('t').map(Number),
  };
}

/** Why a script of this ident is run plainly, when there is a marker. */
export function readMarker(directory: string, ident: string): string | undefined {
  const text = readSmallFile(entryPath(directory, 'unforkable', ident), LARGEST_MARKER);
  const [first, reason] = text?.split('\n', 2) ?? [];
  if (first === 'unforkable 1') return `it cannot be forked: ${reason}`;
  return first === 'changing 1' ? reason : undefined;
}
