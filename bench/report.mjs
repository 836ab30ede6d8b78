/** The figures of one Node as tables; `format` is one of table.mjs. */
import { aims, judge, limits } from './limits.mjs';
import { names } from './names.mjs';
import { digits, table } from './table.mjs';

export function reportNode(node, format = table) {
  return sections(node)
    .map(([title, rows]) => `${title}\n\n${format(rows)}\n`)
    .join('');
}

function sections(node) {
  const { version, calls } = node;
  return [
    ...(calls ? sectionsOfCalls(version, calls) : []),
    [`${version}: what must be true`, verdicts(judge(limits, node))],
    [`${version}: what is aimed for`, verdicts(judge(aims, node))],
  ];
}

function sectionsOfCalls(version, { gaps, gapsNull, backToBack }) {
  return [
    [`${version}: gaps of 20 ms, output read through a pipe (milliseconds)`, rowsOf(gaps, names)],
    [`${version}: gaps of 20 ms, output to /dev/null`, rowsOf(gapsNull, names)],
    [`${version}: ten calls at a time without gaps, output read through a pipe`, rowsOf(backToBack, names)],
  ];
}

/** Ratios of medians; processor time is the process's own, not that of a server. */
function rowsOf(figures, titles) {
  const { true: fastest, node } = figures;
  return [
    ['', 'median', 'p90', 'least', 'processor', ...(fastest ? ['/ true'] : []), ...(node ? ['/ node'] : []), 'calls'],
    ...Object.entries(figures).map(([name, { median, p90, least, cpu, calls }]) => [
      titles[name],
      ...[median, p90, least, cpu].map(digits),
      ...(fastest ? [digits(median / fastest.median)] : []),
      ...(node ? [digits(median / node.median)] : []),
      `${calls}`,
    ]),
  ];
}

function verdicts(lines) {
  return [
    ['', 'measured', 'limit', '', ''],
    ...lines.map(({ what, value, limit, least, unit, met }) => [
      what,
      digits(value),
      `${least ? 'at least' : 'at most'} ${limit}`,
      unit,
      met === undefined ? 'not measured' : met ? 'met' : 'not met',
    ]),
  ];
}
