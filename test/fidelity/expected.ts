/** Differences that cannot be removed: each stands in docs/differences.md, and is asserted to be exactly that. */
import type { Arrangement } from './arrangements.js';
import type { Part } from './compare.js';

export interface Expected {
  readonly script: string;
  /** The heading in docs/differences.md. */
  readonly section: string;
  readonly part: Part;
  readonly plain: string;
  readonly warm: string;
  /** Where it shows; default: wherever that part can be seen. */
  readonly when?: (arrangement: Arrangement) => boolean;
}

export const expected: readonly Expected[] = [];
