/** What descriptors 0 to 2 of a run are. */

export const kinds = ['pipe', 'file', 'null', 'tty', 'socket', 'closed'] as const;
export type Kind = (typeof kinds)[number];
/** `same`: descriptor 2 is a copy of 1, as by 2>&1. */
export type Arrangement = readonly [stdin: Kind, stdout: Kind, stderr: Kind | 'same'];

/**
 * Every pair of kinds of two descriptors, each pair once: the third kind is the sum of the first two (a Latin square). And
 * `same` with each kind of the others. In this order neighbours differ in the kind of stdout.
 */
export function listArrangements(): Arrangement[] {
  const square = kinds.flatMap((stdin, i) =>
    kinds.map((stdout, j): Arrangement => [stdin, stdout, kinds[(i + j) % kinds.length] as Kind]),
  );
  return [...square, ...kinds.map((kind): Arrangement => [kind, kind, 'same'])];
}

/** The share of a script that does not need all: with 4 each, every 11th script has the same. */
export function share(all: readonly Arrangement[], index: number, count: number): Arrangement[] {
  return Array.from({ length: count }, (_, i) => all[(index * count + i) % all.length] as Arrangement);
}

export function parseArrangement(text: string): Arrangement {
  const words = text.split(',');
  const valid = words.length === 3 && words.every((word, i) => isKind(word) || (i === 2 && word === 'same'));
  if (!valid) throw new Error(`an arrangement is three of ${kinds.join(', ')}; the last may be same: ${text}`);
  return words as unknown as Arrangement;
}

function isKind(word: string): word is Kind {
  return (kinds as readonly string[]).includes(word);
}
