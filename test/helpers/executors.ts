/** The executors of a place: children of monitors. */
import type { Place } from './place.js';
import { type LiveProcess, listeningSocketOf } from './processes.js';

/** All of them, those that are ending too. */
export function executors(place: Place): LiveProcess[] {
  const all = place.processes();
  const monitors = all.filter(({ command }) => command.startsWith('prefork-interp-monitor '));
  return all.filter(({ parent }) => monitors.some(({ pid }) => pid === parent));
}

/** Those that wait for a call: whoever has one has closed the server's socket. */
export function spares(place: Place): LiveProcess[] {
  return executors(place).filter(({ pid }) => listeningSocketOf(pid) !== undefined);
}
