/**
 * Unsigned integers in as few bytes as their largest needs: one byte for the width (1, 2 or 4), then the
 * values, little-endian. Lengths of strings and dictionary codes are stored this way.
 */
import type {ByteWriter} from './byte-writer.ts';

/** Stands for null among the values; stored as all ones of the width. */
export const NULL = 0xffff_ffff;

export function writePacked(out: ByteWriter, values: Uint32Array, count: number): void {
  let max = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (value > max && value !== NULL) max = value;
  }
  const width = max < 0xff ? 1 : max < 0xffff ? 2 : 4;
  out.u8(width);
  let at = out.skip(width * count);
  if (width === 1) for (let i = 0; i < count; i++) out.u8(values[i]! & 0xff, at++);
  else if (width === 2) for (let i = 0; i < count; i++, at += 2) out.u16(values[i]! & 0xffff, at);
  else for (let i = 0; i < count; i++, at += 4) out.u32(values[i]!, at);
}

/** Reads `count` values at `at` into `values`; returns the offset after them. */
export function readPacked(bytes: Buffer, at: number, values: Uint32Array, count: number): number {
  const width = bytes[at++];
  if (width === 1) {
    for (let i = 0; i < count; i++) {
      const value = bytes[at++]!;
      values[i] = value === 0xff ? NULL : value;
    }
  } else if (width === 2) {
    for (let i = 0; i < count; i++, at += 2) {
      const value = bytes[at]! | (bytes[at + 1]! << 8);
      values[i] = value === 0xffff ? NULL : value;
    }
  } else if (width === 4) {
    for (let i = 0; i < count; i++, at += 4) values[i] = bytes.readUInt32LE(at);
  } else {
    throw new RangeError(`Packed integers of width ${width}; 1, 2 and 4 are known.`);
  }
  return at;
}
