/** The parts of an ident, as the launcher tells them: `umask: 18`, `environment: LANG, sha256 63e4dfad`, `not in the environment: A`. */

/** What a part is about: the name of a variable, else what stands before the colon. */
export function nameOfPart(part: string): string {
  const colon = part.indexOf(': ');
  const variable = /environment$/.test(part.slice(0, colon)) ? part.slice(colon + 2).replace(/, sha256 \w+$/, '') : '';
  return variable || (colon < 0 ? part : part.slice(0, colon));
}

/** Whether a part is about a variable. */
export function isVariable(part: string): boolean {
  return /^[^:]*environment: /.test(part);
}

/**
 * What several lists of parts differ in, by name, each once. A list without parts (of an ident that was given with -g) is left out: nobody knows
 * what it differs in.
 */
export function namesOfDifferences(lists: readonly (readonly string[])[]): string[] {
  const known = lists.filter((parts) => parts.length > 0);
  const differing = known.flatMap((parts) => parts.filter((part) => known.some((other) => !other.includes(part))));
  return [...new Set(differing.map(nameOfPart))].sort();
}
