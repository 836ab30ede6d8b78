/** What must hold of each call, and of all of them together. */

/** What is wrong with how a call ended, or undefined. `blows`: what was done while it ran. */
export function judgeCall(plan, ended, blows) {
  if (ended.hung) return 'hung';
  if (blows.some(({ kind, call, how }) => kind === 'client' && call === plan.number && how === 'killed'))
    return undefined;
  const lines = ended.err.split('\n').slice(0, -1);
  if (lines.length > 1 || (ended.err && !/^prefork-interp: .*\n$/.test(ended.err)))
    return 'said more than one line of ours';
  if (ended.code === 127) return lines.length === 1 ? undefined : 'ended with 127 and no line';
  if (ended.signal === 'SIGKILL')
    return blows.some(killsScript) ? undefined : 'ended by SIGKILL, though nobody killed its script';
  if (ended.code !== plan.status) return `ended with ${ended.signal ?? ended.code} instead of ${plan.status}`;
  return ended.out === `${plan.number}\n` ? undefined : 'lost its output';
}

/** The script of a call is in setup, in what becomes the server, or in an executor, which was a spare when it was chosen. */
function killsScript({ kind, how }) {
  return how === 'killed' && ['setup', 'server', 'spare', 'executor'].includes(kind);
}

/** What is wrong with the list of ids that were appended. `succeeded`: the calls that ended as their scripts were told. */
export function judgeIds(ids, succeeded) {
  const seen = new Set();
  const twice = ids.filter((id) => seen.size === seen.add(id).size);
  const missing = succeeded.filter((id) => !seen.has(id));
  return [...twice.map((id) => `call ${id} ran twice`), ...missing.map((id) => `call ${id} did not run`)];
}
