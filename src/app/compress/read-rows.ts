/** Rows of numbers out of a file: a NumPy array (.npy) or a table of text (.csv). */
import {readFile} from 'node:fs/promises';
import {MillraceError} from '../../protocol/index.ts';

/** Row by row; `values.length` is rows × `width`. */
export type NumberRows = {readonly values: Float32Array; readonly width: number};

/** Throws SOURCE_NOT_FOUND, and SOURCE_SCHEMA for a file that holds no matrix of numbers. */
export async function readNumberRows(path: string): Promise<NumberRows> {
  const bytes = await readFile(path).catch(cause => {
    throw new MillraceError('SOURCE_NOT_FOUND', `'${path}' cannot be read.`, {cause, fix: 'Give a file that exists.'});
  });
  return path.endsWith('.npy') ? parseNpy(bytes, path) : parseCsv(bytes.toString('utf8'), path);
}

const READERS = {
  f4: (view: DataView, i: number) => view.getFloat32(4 * i, true),
  f8: (view: DataView, i: number) => view.getFloat64(8 * i, true),
  i4: (view: DataView, i: number) => view.getInt32(4 * i, true),
  i8: (view: DataView, i: number) => Number(view.getBigInt64(8 * i, true)),
  u1: (view: DataView, i: number) => view.getUint8(i),
} as const;

/** Two dimensions in C order. Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
function parseNpy(bytes: Buffer, path: string): NumberRows {
  const refused = (reason: string) =>
    new MillraceError('SOURCE_SCHEMA', `'${path}' is no matrix that can be read: ${reason}.`, {
      fix: 'Save it with numpy.save(path, rows.astype("float32")), rows by columns.',
    });
  if (bytes.length < 12 || bytes.toString('latin1', 0, 6) !== '\x93NUMPY') throw refused('it is no .npy file');
  const wide = bytes[6]! > 1;
  const start = wide ? 12 : 10;
  const end = start + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const header = bytes.toString('latin1', start, end);
  const type = /'descr':\s*'[<|]([a-z]\d)'/.exec(header)?.[1] as keyof typeof READERS | undefined;
  const shape = /'shape':\s*\((\d+),\s*(\d+)\)/.exec(header)?.slice(1).map(Number);
  const read = type === undefined ? undefined : READERS[type];
  if (read === undefined) throw refused(`its type is none of ${Object.keys(READERS).join(', ')}`);
  if (!header.includes("'fortran_order': False")) throw refused('it is in Fortran order');
  if (shape === undefined) throw refused('it has not two dimensions');
  const [rows, width] = shape as [number, number];
  if (bytes.length < end + rows * width * Number(type![1])) throw refused('it is cut short');
  const view = new DataView(bytes.buffer, bytes.byteOffset + end);
  return {width, values: Float32Array.from({length: rows * width}, (_, i) => read(view, i))};
}

/** A first line that is no numbers names the columns; an empty cell is NaN. */
function parseCsv(text: string, path: string): NumberRows {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '');
  const numbers = (line: string) => line.split(',').map(cell => (cell.trim() === '' ? Number.NaN : Number(cell)));
  const isHeader = lines[0]?.split(',').some(cell => cell.trim() !== '' && Number.isNaN(Number(cell))) ?? false;
  const rows = lines.slice(isHeader ? 1 : 0);
  const width = rows[0]?.split(',').length ?? 0;
  const wrong = rows.findIndex(
    line => line.split(',').length !== width || line.split(',').some(cell => Number.isNaN(Number(cell))),
  );
  if (rows.length === 0 || wrong !== -1)
    throw new MillraceError(
      'SOURCE_SCHEMA',
      rows.length === 0
        ? `'${path}' has no rows.`
        : `Row ${wrong + 1} of '${path}' is not ${width} numbers: ${rows[wrong]!.slice(0, 60)}`,
      {fix: 'Give numbers only, with commas between them, the same number in every row.'},
    );
  return {width, values: Float32Array.from(rows.flatMap(numbers))};
}
