// A page of events as bytes, little-endian:
//
//   uint32    count of events
//   uint32    1 if their ids follow, else 0
//   float64   the times, then each input: `count` numbers each; NaN is null, strings are codes
//   JSON      an array of the ids

import type {Page} from './event-pages.ts';

/** Events of a page, column by column. */
export type PageContent = {
  readonly count: number;
  readonly data: Float64Array;
  readonly ids: string[] | null;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The page must be in memory. */
export function encodePage({count, data, ids}: PageContent | Page): Uint8Array {
  if (data === null) throw new TypeError('A page that is not in memory cannot be written.');
  const text = ids === null ? new Uint8Array(0) : encoder.encode(JSON.stringify(ids));
  const bytes = new Uint8Array(8 + data.byteLength + text.length);
  new Uint32Array(bytes.buffer, 0, 2).set([count, ids === null ? 0 : 1]);
  new Float64Array(bytes.buffer, 8, data.length).set(data);
  bytes.set(text, 8 + data.byteLength);
  return bytes;
}

/** `columns`: numbers of an event, its time included. */
export function decodePage(bytes: Uint8Array, columns: number, withIds: boolean): PageContent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const count = view.getUint32(0, true);
  const end = 8 + count * columns * 8;
  const data = new Float64Array(count * columns);
  new Uint8Array(data.buffer).set(bytes.subarray(8, end));
  const ids = withIds && view.getUint32(4, true) === 1;
  return {count, data, ids: ids ? (JSON.parse(decoder.decode(bytes.subarray(end))) as string[]) : null};
}
