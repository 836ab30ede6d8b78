/** The chart of the README: how long a call takes, as bars. */
import { names } from './names.mjs';
import { digits } from './table.mjs';

const LABELS = 310;
const BARS = 420;
const VALUES = 70;
const ROW = 26;
const STYLE = `text { font: 13px system-ui, sans-serif; fill: #1f2328 } .bar { fill: #8c959f } .ours { fill: #1a7f37 }
.ours-text { font-weight: 600 } @media (prefers-color-scheme: dark) { text { fill: #d1d7e0 } .bar { fill: #656c76 } .ours { fill: #3fb950 } }`;

/** @param figures of commands by name, each with a median in milliseconds */
export function drawChart(figures, title) {
  const rows = Object.entries(figures).sort(([, one], [, other]) => one.median - other.median);
  const longest = rows.at(-1)[1].median;
  const width = LABELS + BARS + VALUES;
  const height = ROW * (rows.length + 1) + 10;
  const bars = rows.map(([name, { median }], index) => drawRow(name, median, longest, ROW * (index + 1)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${asText(title)}</title>
<style>${STYLE}</style>
<text x="8" y="18">${asText(title)}</text>
${bars.join('\n')}
</svg>
`;
}

function drawRow(name, median, longest, y) {
  const ours = name === 'forked';
  const length = Math.max(1, (median / longest) * BARS);
  const text = `class="${ours ? 'ours-text' : ''}" y="${y + 18}"`;
  return [
    `<text ${text} x="${LABELS - 8}" text-anchor="end">${asText(names[name])}</text>`,
    `<rect class="bar${ours ? ' ours' : ''}" x="${LABELS}" y="${y + 4}" width="${length.toFixed(1)}" height="${ROW - 8}" rx="2"/>`,
    `<text ${text} x="${(LABELS + length + 6).toFixed(1)}">${digits(median)} ms</text>`,
  ].join('');
}

function asText(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
