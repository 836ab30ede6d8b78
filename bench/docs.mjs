/**
 * What a published run says in the documents: README, docs/performance.md and the chart. All of it is made from bench/published.json, and a
 * test makes it again and compares.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/files.mjs';
import { drawChart } from './chart.mjs';
import { aims, crowding, judge, limits } from './limits.mjs';
import { reportParts } from './report.mjs';
import { digits, markdown } from './table.mjs';

const FEWEST_CALLS = 200;
const published = join(import.meta.dirname, 'published.json');
const [begin, end] = ['<!-- figures: npm run bench -- --write-docs -->', '<!-- end of figures -->'];

export function writeDocs(file) {
  const result = JSON.parse(readFileSync(file, 'utf8'));
  const { short, calls } = result;
  if (short || calls < FEWEST_CALLS)
    throw new Error(`${file} is not of a whole run with ${FEWEST_CALLS} calls and more`);
  writeFileSync(published, `${JSON.stringify(result, null, 2)}\n`);
  for (const [path, content] of Object.entries(renderDocs())) writeFileSync(join(root, path), content);
}

/** The documents as they have to be, by their paths. Nothing published: no figures and no chart. */
export function renderDocs() {
  const result = existsSync(published) ? JSON.parse(readFileSync(published, 'utf8')) : undefined;
  return {
    'README.md': withFigures('README.md', result ? figuresOfReadme(result) : ''),
    'docs/performance.md': withFigures('docs/performance.md', result ? figuresOfPage(result) : ''),
    ...(result ? { 'docs/performance.svg': chartOf(result) } : {}),
  };
}

function withFigures(path, figures) {
  const text = readFileSync(join(root, path), 'utf8');
  const [first, last] = [text.indexOf(begin), text.indexOf(end)];
  if (first < 0 || last < first) throw new Error(`${path} has no place for figures: ${begin}`);
  return `${text.slice(0, first)}${begin}\n${figures}${text.slice(last)}`;
}

/** Of the versions that the limits are for, the newest. */
function shownNode({ nodes }) {
  return nodes.filter(({ version }) => /^v2[24]\./.test(version)).at(-1) ?? nodes.at(-1);
}

function chartOf(result) {
  const node = shownNode(result);
  return drawChart(node.calls.gaps, `Median of ${node.calls.gaps.forked.calls} calls, Node ${node.version}`);
}

function figuresOfReadme(result) {
  return `![How long one call takes, as bars](docs/performance.svg)

${describe(result)} [All figures, and how they are taken](docs/performance.md).
`;
}

function figuresOfPage(result) {
  const { nodes } = result;
  const versions = nodes.map(({ version }) => version);
  const sections = [
    `${describe(result)}\n`,
    '### What must be true\n',
    markdown(rowsOfVerdicts(limits, nodes, versions)),
    '### What is aimed for\n',
    markdown(rowsOfVerdicts(aims, nodes, versions)),
    ...nodes.flatMap((node) => [
      `### Node ${node.version}\n`,
      `\`node -e 0\` took ${digits(crowding(node))} times its processor time.\n`,
      ...reportParts(node).map(([title, rows]) => `${title[0].toUpperCase()}${title.slice(1)}:\n\n${markdown(rows)}`),
    ]),
  ];
  return `${sections.join('\n')}`;
}

function describe({ version, date, processor, memory, kernel, calls }) {
  return `Measured on ${date} with version ${version}: ${processor}, ${memory}, Linux ${kernel}; medians of ${calls} calls.`;
}

function rowsOfVerdicts(lines, nodes, versions) {
  const judged = nodes.map((node) => judge(lines, node));
  return [
    ['', 'limit', ...versions],
    ...lines.map((_, index) => {
      const [{ what, least, limit, unit }] = judged.map((of) => of[index]);
      return [what, `${least ? 'at least' : 'at most'} ${limit} ${unit}`, ...judged.map((of) => cell(of[index]))];
    }),
  ];
}

function cell({ value, met }) {
  return met === undefined ? 'not measured' : `${digits(value)}${met ? '' : ' (not met)'}`;
}
