/** Times as `prefork` prints them. */

/** Whole seconds from a moment until now; 0 where it lies ahead. */
export function secondsSince(moment: Date): number {
  return Math.max(0, Math.floor((Date.now() - moment.getTime()) / 1000));
}

/** A duration in the largest unit of which there are at least two: 119s, 119m, 47h, 2d. */
export function shortDuration(seconds: number): string {
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86400)}d`;
}
