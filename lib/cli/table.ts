/** A table as text: for a terminal fitted to its width, with colours where it has them; else plain and whole. */
import type { WriteStream } from 'node:tty';
import { printable } from './printable.js';

/** What stands in a row's cell: a text, or one with a colour that a terminal shows. */
export type Cell = string | { readonly text: string; readonly colour: Colour };
export type Colour = keyof typeof ESCAPES;

const ESCAPES = { bold: '\x1b[1m', dim: '\x1b[2m', red: '\x1b[31m', green: '\x1b[32m', yellow: '\x1b[33m' } as const;
const PLAIN = '\x1b[0m';
const GAP = '  ';
/** So much of the last column is worth leaving others out. */
const GOOD_FOR_LAST = 30;
/** Even on a narrow terminal so much of the last column is shown. */
const LEAST_OF_LAST = 12;

type Terminal = Pick<WriteStream, 'isTTY' | 'columns'>;

/**
 * @param header the names of the columns
 * @param rows as many cells each
 * @param dispensable names of columns that a narrow terminal does not get, the least important first. Where that is not enough, the last column
 *   is shortened in its middle.
 * @param stream where it will be printed
 * @returns lines, each with its line end
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  dispensable: readonly string[],
  stream: Terminal,
): string {
  const width = stream.isTTY ? stream.columns || 80 : Infinity;
  const left = dispensable.slice(1);
  const column = header.indexOf(dispensable[0] ?? '');
  const without = <T>(cells: readonly T[]) => cells.filter((_, index) => index !== column);
  if (column >= 0 && width - widthBeforeLast(header, rows) < GOOD_FOR_LAST)
    return formatTable(without(header), rows.map(without), left, stream);
  return formatWhole(header, rows, Math.max(LEAST_OF_LAST, width - widthBeforeLast(header, rows)), stream);
}

function widthBeforeLast(header: readonly string[], rows: readonly (readonly Cell[])[]): number {
  return columnWidths(header, rows)
    .slice(0, -1)
    .reduce((sum, width) => sum + width + GAP.length, 0);
}

function columnWidths(header: readonly string[], rows: readonly (readonly Cell[])[]): number[] {
  return header.map((_, column) => Math.max(...[header, ...rows].map((row) => textOf(row[column]).length)));
}

function formatWhole(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  room: number,
  stream: Terminal,
): string {
  const widths = columnWidths(header, rows);
  const last = header.length - 1;
  return [header.map((text): Cell => ({ text, colour: 'bold' })), ...rows]
    .map((row) =>
      row
        .map((cell, column) => {
          if (column === last) return colourOf(stream, cell, shorten(textOf(cell), room));
          return colourOf(stream, cell, textOf(cell)) + ' '.repeat((widths[column] ?? 0) - textOf(cell).length);
        })
        .join(GAP)
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** Whether a stream shows colours: a terminal does, unless the user wants none (no-color.org). */
export function hasColours({ isTTY }: Terminal): boolean {
  return isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

function textOf(cell: Cell | undefined): string {
  return printable(typeof cell === 'object' ? cell.text : (cell ?? ''));
}

function colourOf(stream: Terminal, cell: Cell, text: string): string {
  return typeof cell === 'object' && hasColours(stream) ? `${ESCAPES[cell.colour]}${text}${PLAIN}` : text;
}

/** A path says most at its end and something at its beginning. */
function shorten(text: string, room: number): string {
  if (text.length <= room) return text;
  const end = Math.ceil((room - 1) * 0.7);
  return `${text.slice(0, room - 1 - end)}…${text.slice(text.length - end)}`;
}
