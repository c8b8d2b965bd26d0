/** A frame without some of its events. */
import type {ColumnData} from '../../protocol/index.ts';
import type {ByteWriter} from './byte-writer.ts';
import {writeFrame} from './frame.ts';
import {decodeFrames} from './frame-decoder.ts';
import type {Frame} from './frame-index.ts';

export type FrameBytes = {readonly path: string; readonly frame: Frame; readonly bytes: Buffer};

/**
 * Writes the frame without the events at `positions` over what `out` held, and returns how many it had of them; if
 * none, `out` is not touched. Throws STORE_CORRUPT for a frame that is not what was written.
 */
export function withoutEvents(out: ByteWriter, {path, frame, bytes}: FrameBytes, positions: Float64Array): number {
  const [batch] = decodeFrames({path, frames: [frame], loaded: [bytes]}, 0, Number.POSITIVE_INFINITY);
  if (!batch) return 0;
  const gone = new Set(positions);
  const rows: number[] = [];
  const kept = new Uint8Array(frame.count);
  batch.positions!.forEach((position, row) => {
    if (gone.has(position)) return;
    rows.push(row);
    kept[position - frame.position] = 1;
  });
  const lost = batch.count - rows.length;
  if (lost === 0) return 0;
  const strings = <V>(values: readonly V[]) => rows.map(row => values[row]!);
  const numbers = (values: Float64Array) => Float64Array.from(rows, row => values[row]!);
  const column = (data: ColumnData) => (data instanceof Float64Array ? numbers(data) : strings(data));
  const left = {
    stream: batch.stream,
    count: rows.length,
    ids: strings(batch.ids),
    eventTimes: numbers(batch.eventTimes),
    arrivalTimes: numbers(batch.arrivalTimes),
    columns: Object.fromEntries(Object.entries(batch.columns).map(([name, data]) => [name, column(data)])),
  };
  writeFrame(out, left, frame.position, offsetsWithout(kept));
  return lost;
}

/** Offsets of the events that are not kept. */
function offsetsWithout(kept: Uint8Array): Uint32Array {
  const offsets: number[] = [];
  for (let offset = 0; offset < kept.length; offset++) if (kept[offset] === 0) offsets.push(offset);
  return Uint32Array.from(offsets);
}
