import {MillraceError} from '../../protocol/index.ts';

/** Rows of a CSV text (RFC 4180): cells in quotes may hold commas, line ends and doubled quotes. Throws REQUEST_INVALID. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    const {cell, end} = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    row.push(cell);
    if (text[end] === ',') {
      at = end + 1;
      // A comma at the very end stands before one more, empty cell.
      if (at < text.length) continue;
      row.push('');
    }
    at = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
    // An empty line is no row.
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

type Cell = {readonly cell: string; readonly end: number};

const LINE_OR_CELL_END = /[,\r\n]/g;

function plainCell(text: string, start: number): Cell {
  LINE_OR_CELL_END.lastIndex = start;
  const end = LINE_OR_CELL_END.exec(text)?.index ?? text.length;
  return {cell: text.slice(start, end), end};
}

function quotedCell(text: string, start: number): Cell {
  let end = start + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end === -1)
      throw new MillraceError('REQUEST_INVALID', 'The CSV has a cell whose quotes do not end.', {
        fix: 'Close it with a quote; a quote inside is doubled.',
      });
    if (text[end + 1] !== '"') break;
    end += 2;
  }
  const next = text[end + 1];
  if (next !== undefined && next !== ',' && next !== '\r' && next !== '\n')
    throw new MillraceError('REQUEST_INVALID', `The CSV has '${next}' behind a cell in quotes.`, {
      fix: 'End the cell with a comma or the line; a quote inside is doubled.',
    });
  return {cell: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1};
}
