/** Differences that cannot be removed: each stands in docs/differences.md, and is asserted to be exactly that. */
import type { Part } from './compare.js';

export interface Expected {
  /** Name of a script, or a pattern. */
  readonly script: string | RegExp;
  /** The heading in docs/differences.md. */
  readonly section: string;
  readonly part: Part;
  /** From what a plain run gives, what a warm one is to give. */
  readonly warm: (plain: string) => string;
}

export const expected: readonly Expected[] = [
  {
    // Whatever dies by a signal cannot clean up behind itself; its client can.
    script: /^(ends|input|processes|memory)\//,
    section: 'Descriptors after a death by a signal',
    part: 'end',
    warm: (plain) => (plain.startsWith('signal ') ? plain.replace(/^(flags|modes) .*\n/gm, '') : plain),
  },
  {
    script: 'output/console-used-before.mjs',
    section: 'What initialisation writes',
    part: 'stdout',
    warm: (plain) => plain.replace(/^a group of initialisation\r?\n +counted: 1\r?\n/, ''),
  },
  {
    script: 'process-facts/written-in-initialisation.mjs',
    section: 'What initialisation writes',
    part: 'stdout',
    warm: (plain) => plain.replace(/^by initialisation[^\n]*\n/gm, ''),
  },
  {
    script: 'process-facts/written-in-initialisation.mjs',
    section: 'What initialisation writes',
    part: 'stderr',
    warm: (plain) => plain.replace(/^by initialisation[^\n]*\n/gm, ''),
  },
  {
    script: 'process-facts/parent.mjs',
    section: 'Process ids around a call',
    part: 'stdout',
    warm: (plain) => plain.replace('the caller', 'prefork-interp-'),
  },
  {
    script: 'process-facts/status.mjs',
    section: 'Size of the table of descriptors',
    part: 'stdout',
    warm: (plain) => plain.replace(/^FDSize:\t64\b/m, 'FDSize:\t128'),
  },
  {
    script: 'process-facts/controlling-terminal.mjs',
    section: '/dev/tty',
    part: 'stdout',
    warm: (plain) => plain.replace('it can be opened', 'ENXIO'),
  },
  {
    script: 'arguments/changed-by-the-script.cjs',
    section: 'Arguments that initialisation changed',
    part: 'stdout',
    warm: (plain) => plain.replace(/, [^,]*'added in initialisation'[^ ]*/, ''),
  },
];
