/** The figures of one Node as tables. */
import { aims, judge, limits } from './limits.mjs';
import { eslintNames, firstNames, names, prettierNames } from './names.mjs';
import { digits, table } from './table.mjs';

const kinds = {
  calls: ({ gaps, gapsNull, backToBack }) => [
    ['one-line script, gaps of 20 ms, output read through a pipe (milliseconds)', rowsOf(gaps, names)],
    ['one-line script, gaps of 20 ms, output to /dev/null (milliseconds)', gapsNull && rowsOf(gapsNull, names)],
    ['one-line script, ten calls at a time without gaps (milliseconds)', backToBack && rowsOf(backToBack, names)],
  ],
  eslint: (figures) => [['ESLint, one small file, gaps of 20 ms (milliseconds)', rowsOf(figures, eslintNames)]],
  prettier: (figures) => [['Prettier, one small file, gaps of 20 ms (milliseconds)', rowsOf(figures, prettierNames)]],
  first: ({ hello, eslint }) => [
    ['first call of a one-line script (milliseconds)', hello && rowsOf(hello, firstNames)],
    ['first call of a stub that loads ESLint (milliseconds)', rowsOf(eslint, firstNames)],
  ],
  throughput: (rows) => [['calls per second of a one-line script, callers at once', rowsOfThroughput(rows)]],
  volley: (rows) => [
    ['one-line script, so many calls at once after a rest, until all have ended (milliseconds)', rowsOfVolley(rows)],
  ],
  memory: (figures) => [['memory of an idle server (MB)', rowsOfMemory(figures)]],
  growth: (rows) => [['with the heap and the number of noted files', rowsOfGrowth(rows)]],
  idle: (figures) => [[`wake-ups in ${figures.seconds} seconds without a call`, rowsOfIdle(figures)]],
  staleness: ({ noted, many, few }) => [
    [
      'stat calls of client, server and executor in one warm call',
      [
        ['noted files', 'calls'],
        ['none', `${few}`],
        [`${noted}`, `${many}`],
      ],
    ],
  ],
};

export function reportNode(node) {
  const sections = [
    ...reportParts(node),
    ['what must be true', verdicts(judge(limits, node))],
    ['what is aimed for', verdicts(judge(aims, node))],
  ];
  return sections.map(([title, rows]) => `Node ${node.version}: ${title}\n\n${table(rows)}\n`).join('');
}

/** Pairs of title and rows, of what was measured. */
export function reportParts(node) {
  const measured = Object.keys(kinds).filter((name) => node[name] !== undefined);
  return measured.flatMap((name) => kinds[name](node[name])).filter(([, rows]) => rows !== undefined);
}

/** Ratios of medians; processor time is the process's own, not that of a server. */
function rowsOf(figures, titles) {
  const { true: fastest, node } = figures;
  return [
    ['', 'median', 'p90', 'least', 'processor', '/ true', ...(node ? ['/ node'] : []), 'calls'],
    ...Object.entries(figures).map(([name, { median, p90, least, cpu, calls }]) => [
      titles[name],
      ...[median, p90, least, cpu, median / fastest.median].map(digits),
      ...(node ? [digits(median / node.median)] : []),
      `${calls}`,
    ]),
  ];
}

function rowsOfThroughput(rows) {
  return [
    ['clients', names.true, 'prefork-interp', names.node, '/ node', 'median ms', 'p90 ms'],
    ...rows.map(({ clients, true: fastest, forked, node }) => [
      `${clients}`,
      ...[fastest.perSecond, forked.perSecond, node.perSecond].map(digits),
      digits(forked.perSecond / node.perSecond),
      digits(forked.median),
      digits(forked.p90),
    ]),
  ];
}

function rowsOfVolley(rows) {
  return [
    ['calls', names.true, 'prefork-interp', 'p90', names.node, '/ true', '/ node'],
    ...rows.map(({ clients, true: fastest, forked, node }) => [
      `${clients}`,
      ...[fastest.median, forked.median, forked.p90, node.median].map(digits),
      ...[forked.median / fastest.median, forked.median / node.median].map(digits),
    ]),
  ];
}

function rowsOfMemory({ hello, oneSpare, eslint }) {
  const scripts = { 'one-line script': hello, 'the same, one spare': oneSpare, 'ESLint, warmed up': eslint };
  const measured = Object.entries(scripts).filter(([, figures]) => figures);
  return [['', 'PSS', 'Private_Dirty', 'RSS', 'PSS / plain'], ...measured.flatMap(rowsOfScript)];
}

function rowsOfScript([script, figures]) {
  const processes = {
    plain: 'plain node',
    server: 'server',
    spare: 'a spare',
    monitor: 'a monitor',
    watcher: 'watcher',
    together: 'server, spares, monitors',
    withWatcher: 'all of these with the watcher',
  };
  return Object.entries(processes)
    .filter(([name]) => figures[name])
    .map(([name, title]) => {
      const { pss, privateDirty, rss } = figures[name];
      return [`${script}: ${title}`, ...[pss, privateDirty, rss, pss / figures.plain.pss].map(digits)];
    });
}

function rowsOfGrowth(rows) {
  return [
    [
      '',
      'warm ms',
      'p90',
      '/ true',
      'calls/s, 4 clients',
      'first / plain',
      'server PSS MB',
      'a spare: dirty',
      'all: PSS / plain',
    ],
    ...rows.map(({ heap, files, warm, perSecond, first, memory }) => [
      heap === undefined ? `${files} noted files` : `heap of ${heap} MB`,
      ...[warm.forked.median, warm.forked.p90, warm.forked.median / warm.true.median, perSecond].map(digits),
      digits(first.forked.median / first.plain.median),
      ...[memory.server.pss, memory.spare?.privateDirty, memory.together.pss / memory.plain.pss].map(digits),
    ]),
  ];
}

function rowsOfIdle({ server, spare, monitor, watcher }) {
  const rows = { server, 'all spares': spare, 'all monitors': monitor, watcher };
  return [['', 'in all'], ...Object.entries(rows).map(([name, count]) => [name, `${count}`])];
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
