/** Counts of rows, seven bits a byte, lowest first, the highest bit for "there is more" (LEB128). */
import {invalid} from '../../artifact.ts';

/** Throws MODEL_INVALID for what is no count. */
export function packCounts(counts: ArrayLike<number>): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < counts.length; i++) {
    let count = counts[i]!;
    if (!(Number.isSafeInteger(count) && count >= 0)) throw invalid(`a leaf was reached by ${count} rows`);
    while (count >= 128) {
      bytes.push((count % 128) + 128);
      count = Math.floor(count / 128);
    }
    bytes.push(count);
  }
  return Uint8Array.from(bytes);
}

/** Throws MODEL_INVALID unless there are exactly `length` counts. */
export function unpackCounts(bytes: Uint8Array, length: number): Float64Array {
  const counts = new Float64Array(length);
  let at = 0;
  for (let i = 0; i < length; i++) {
    let unit = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw invalid(`it ends inside 'cover'`);
      counts[i]! += (byte & 127) * unit;
      if (byte < 128) break;
      unit *= 128;
    }
  }
  if (at !== bytes.length) throw invalid(`'cover' speaks of more leaves than there are`);
  return counts;
}
