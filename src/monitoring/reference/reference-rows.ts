/** Rows of a version's test split as a file: what production is compared with, row by row. */

import {type Random, sampleIndices} from '../../math/index.ts';
import type {Matrix} from '../../models/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import type {ReferenceRows} from '../windows/row-sample.ts';

/** Enough for an AUC to within 0.01 and for a calibration; 20 features are 1.8 MB. */
const MOST_ROWS = 10_000;

/** A uniform sample of at most 10,000 rows, in their order. */
export function sampleReferenceRows(
  {names, kinds, columns, rows}: Matrix,
  scores: Float64Array,
  labels: Float64Array,
  random: Random,
): ReferenceRows {
  const chosen = sampleIndices(rows, MOST_ROWS, random);
  const of = (column: Float64Array): Float64Array => Float64Array.from(chosen, row => column[row]!);
  return {
    rows: chosen.length,
    of: rows,
    names: [...names],
    columns: columns.map(of),
    categorical: kinds.map(kind => kind === 'categorical'),
    scores: of(scores),
    labels: of(labels),
  };
}

type Header = Pick<ReferenceRows, 'rows' | 'of' | 'names' | 'categorical'> & {readonly format: 1};

/** 'MRR1' */
const MAGIC = 0x3152524d;
const align = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/**
 * Little endian: 'MRR1', u32 bytes of the header, the header as UTF-8 JSON padded with spaces to a multiple of 8,
 * then Float64 columns of `rows` values: the features in the order of `names`, scores, labels.
 */
export function encodeReferenceRows({
  rows,
  of,
  names,
  categorical,
  columns,
  scores,
  labels,
}: ReferenceRows): Uint8Array {
  const header: Header = {format: 1, rows, of, names, categorical};
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + align(json.length);
  const all = [...columns, scores, labels];
  const buffer = new ArrayBuffer(start + all.length * rows * 8);
  const view = new DataView(buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, start - 8, true);
  const bytes = new Uint8Array(buffer);
  bytes.fill(0x20, 8, start).set(json, 8);
  for (const [i, column] of all.entries()) new Float64Array(buffer, start + i * rows * 8, rows).set(column);
  return bytes;
}

/** Throws STORE_CORRUPT for anything that `encodeReferenceRows` did not write whole. */
export function decodeReferenceRows(bytes: Uint8Array): ReferenceRows {
  const {buffer} = bytes.slice(); // owned and aligned, whatever the caller does with its own
  const view = new DataView(buffer);
  if (buffer.byteLength < 8 || view.getUint32(0, true) !== MAGIC) throw corrupt('they do not start with MRR1');
  const start = 8 + view.getUint32(4, true);
  if (start > buffer.byteLength) throw corrupt('they end inside their header');
  const {format, rows, of, names, categorical} = parseHeader(new Uint8Array(buffer, 8, start - 8));
  if (format !== 1) throw corrupt(`their format is ${format}, this version reads format 1`);
  const needed = start + (names.length + 2) * rows * 8;
  if (buffer.byteLength !== needed) throw corrupt(`they are ${buffer.byteLength} bytes long, not ${needed}`);
  const column = (i: number): Float64Array => new Float64Array(buffer, start + i * rows * 8, rows);
  return {
    rows,
    of,
    names,
    categorical,
    columns: names.map((_, i) => column(i)),
    scores: column(names.length),
    labels: column(names.length + 1),
  };
}

function parseHeader(json: Uint8Array): Header {
  try {
    return JSON.parse(new TextDecoder().decode(json)) as Header;
  } catch (cause) {
    throw corrupt('their header is not JSON', cause);
  }
}

const corrupt = (reason: string, cause?: unknown): MillraceError =>
  new MillraceError('STORE_CORRUPT', `The reference rows of a version cannot be read: ${reason}.`, {
    cause,
    fix: 'Restore the data folder, or train the model again.',
  });
