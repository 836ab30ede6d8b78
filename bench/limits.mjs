/** What must be true, and what is aimed for: lines with the measured value, the limit, and whether it holds. */

import { digits } from './table.mjs';

/**
 * `of` finds the value in the figures of one Node, undefined where it was not measured. With two kinds of output, a pipe and
 * /dev/null, the worse one counts.
 */
export const limits = [
  {
    id: 'true',
    what: 'warm call of a one-line script, gaps of 20 ms, against /bin/true',
    atMost: 2.5,
    of: ({ calls }) => worst(ratio(calls?.gaps, 'forked', 'true'), ratio(calls?.gapsNull, 'forked', 'true')),
  },
  {
    id: 'bun',
    what: 'the same against bun -e 0',
    atMost: 0.4,
    of: ({ calls }) => worst(ratio(calls?.gaps, 'forked', 'bun'), ratio(calls?.gapsNull, 'forked', 'bun')),
  },
  {
    id: 'esbuild',
    what: 'the same against esbuild --version',
    atMost: 0.8,
    of: ({ calls }) => worst(ratio(calls?.gaps, 'forked', 'esbuild'), ratio(calls?.gapsNull, 'forked', 'esbuild')),
  },
  {
    id: 'linked',
    what: "added by npm's link",
    atMost: 0.7,
    unit: 'ms',
    of: ({ calls }) => calls && calls.gaps.linked.median - calls.gaps.forked.median,
  },
  {
    id: 'eslint',
    what: 'warm eslint, one small file, against plain eslint',
    atMost: 0.12,
    of: ({ eslint }) => worst(ratio(eslint, 'forked', 'plain'), ratio(eslint, 'forked', 'command')),
  },
  {
    id: 'eslint_d',
    what: 'the same against eslint_d',
    atMost: 0.4,
    of: ({ eslint }) => ratio(eslint, 'forked', 'eslintD'),
  },
  {
    id: 'throughput',
    what: 'calls per second at 4 clients, against node -e 0',
    atLeast: 8,
    of: ({ throughput }) => throughput && perSecond(throughput, 4, 'forked') / perSecond(throughput, 4, 'node'),
  },
  {
    id: 'first',
    what: 'first call of a stub that only loads eslint, against plain',
    atMost: 1.15,
    of: ({ first }) => ratio(first?.eslint, 'forked', 'plain'),
  },
  {
    id: 'cpu',
    what: "client's own processor time, user and system",
    atMost: 1,
    unit: 'ms',
    of: ({ calls }) => worst(calls?.gaps.forked.cpu, calls?.gapsNull?.forked.cpu),
  },
  {
    id: 'idle',
    what: 'wake-ups of an idle server, its spares and monitors',
    atMost: 0,
    slack: 5, // what other programs of a machine in use do in a folder above
    unit: 'in all',
    of: ({ idle }) => idle && idle.server + idle.spare + idle.monitor,
  },
  {
    id: 'stat',
    what: 'stat calls of a warm call, 5,000 noted files, more than with none',
    atMost: 0,
    unit: 'in all',
    of: ({ staleness }) => staleness && staleness.many - staleness.few,
  },
];

export const aims = [
  { id: 'true', what: limits[0].what, atMost: 1.8, of: limits[0].of },
  {
    id: 'pss',
    what: 'PSS of an idle server with one spare, against plain node',
    atMost: 1.4,
    of: ({ memory }) => memory && memory.oneSpare.together.pss / memory.oneSpare.plain.pss,
  },
  {
    id: 'monitor',
    what: 'private memory of a monitor',
    atMost: 1,
    unit: 'MB',
    of: ({ memory }) => memory?.oneSpare.monitor.private,
  },
  {
    id: 'watcher',
    what: 'Private_Dirty of an idle watcher',
    atMost: 11,
    unit: 'MB',
    of: ({ memory }) => memory?.oneSpare.watcher.privateDirty,
  },
  {
    id: 'chiark',
    what: "Debian's with Perl against a warm call",
    atLeast: 4,
    of: ({ calls }) => ratio(calls?.gaps, 'chiark', 'forked'),
  },
  {
    id: 'eslint-time',
    what: 'warm eslint, one small file',
    atMost: 25,
    unit: 'ms',
    of: ({ eslint }) => eslint?.forked.median,
  },
];

/** The lines for one Node: { id, what, value, limit, least, unit, met }; met is undefined where nothing was measured. */
export function judge(lines, node) {
  return lines.map(({ id, what, atMost, atLeast, unit = 'times', of }) => {
    const value = of(node);
    const met = value === undefined ? undefined : atMost === undefined ? value >= atLeast : value <= atMost;
    return { id, what, value, limit: atMost ?? atLeast, least: atMost === undefined, unit, met };
  });
}

/**
 * How much longer `node -e 0` took than it was on a processor: 1 on a quiet machine. What consists of waking others up suffers most
 * from company, and `/bin/true` least: beyond 1.5 the ratios tell about the machine.
 */
export function crowding({ calls }) {
  return calls && calls.gaps.node.median / calls.gaps.node.cpu;
}

/** The lines that are worse than what was recorded by more than the factor; the limit stands for what was not recorded. */
export function farBeyond({ factor, values }, node) {
  return limits.flatMap(({ id, what, atMost, atLeast, slack = 0, of }) => {
    const value = of(node);
    const recorded = values[id] ?? atMost ?? atLeast;
    const beyond = atMost === undefined ? value < recorded / factor : value > recorded * factor + slack;
    return beyond ? [`${what}: ${digits(value)}, recorded: ${digits(recorded)}`] : [];
  });
}

function ratio(rows, one, other) {
  return rows?.[one] && rows[other] && rows[one].median / rows[other].median;
}

function perSecond(throughput, clients, name) {
  return throughput.find((row) => row.clients === clients)[name].perSecond;
}

function worst(...values) {
  const measured = values.filter((value) => value !== undefined);
  return measured.length === 0 ? undefined : Math.max(...measured);
}
