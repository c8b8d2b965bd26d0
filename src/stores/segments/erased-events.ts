/**
 * Which events of a frame were erased: the beginning of the payload of a frame of version 2, in front of the columns
 * of those that are left.
 *
 *   u32 how many; u32 offset of each in the frame, ascending
 */
import type {ByteWriter} from './byte-writer.ts';

export function writeErased(out: ByteWriter, erased: Uint32Array): void {
  out.u32(erased.length);
  for (const offset of erased) out.u32(offset);
}

/** What is left of a frame of `count` events: their offsets in the frame, ascending, and where their columns begin. */
export type Kept = {readonly offsets: Uint32Array; readonly columnsAt: number};

/** Throws RangeError for a malformed payload. */
export function readKept(payload: Buffer, count: number): Kept {
  const erased = payload.readUInt32LE(0);
  if (erased > count) throw new RangeError(`${erased} of ${count} events are erased.`);
  const offsets = new Uint32Array(count - erased);
  let kept = 0;
  let offset = 0;
  for (let i = 0; i < erased; i++) {
    const next = payload.readUInt32LE(4 + 4 * i);
    while (offset < next) offsets[kept++] = offset++;
    offset = next + 1;
  }
  while (offset < count) offsets[kept++] = offset++;
  return {offsets, columnsAt: 4 + 4 * erased};
}
