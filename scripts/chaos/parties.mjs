/** Who takes part in the calls of a place, by kind (KINDS of plan.mjs). */
import { holdsSocket, listenersIn, processesOf } from '../soak/processes.mjs';

/** `clients`: the processes that were started as callers, by number. */
export function partiesOf(place, clients) {
  const all = processesOf(place);
  const listeners = listenersIn(place);
  const monitors = new Set(all.filter(isMonitor).map(({ pid }) => pid));
  const kindOf = (one) => {
    if (clients.has(one.pid)) return 'client';
    if (monitors.has(one.pid)) return 'monitor';
    if (monitors.has(one.parent)) return holdsSocket(one, listeners) ? 'spare' : 'executor';
    if (one.command.includes('watcher/main.js')) return 'watcher';
    if (!one.command.startsWith('node ')) return undefined;
    if (one.session === one.pid) return 'server';
    return clients.has(one.parent) ? 'setup' : undefined;
  };
  return all.map((one) => ({ ...one, kind: kindOf(one) }));
}

function isMonitor({ command }) {
  return command.startsWith('prefork-interp-monitor ');
}
