/** Orders numbers in linear time: the base of every rank-based metric. */

const digitBits = 11;
const digitValues = 1 << digitBits;
const digitMask = digitValues - 1;
const passes = 6; // 6 × 11 bits cover 64

/**
 * The indices that sort `values` ascending, ties in their given order, -0 before 0. NaN is refused.
 * Least-significant-digit radix sort on the bits of the doubles: about 0.1 µs a value.
 */
export function ascendingOrder(values: ArrayLike<number>): Uint32Array {
  const count = values.length;
  const keys = sortableBits(values);
  const histograms = digitCounts(keys, count);
  let order = new Uint32Array(count);
  let sorted = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;

  for (let pass = 0; pass < passes; pass++) {
    const starts = histograms.subarray(pass * digitValues, (pass + 1) * digitValues);
    if (starts.includes(count)) continue; // all values share this digit
    let start = 0;
    for (let d = 0; d < digitValues; d++) {
      const here = starts[d]!;
      starts[d] = start;
      start += here;
    }
    for (let i = 0; i < count; i++) {
      const index = order[i]!;
      const digit = digitAt(keys, index, pass);
      sorted[starts[digit]!++] = index;
    }
    [order, sorted] = [sorted, order];
  }
  return order;
}

/** Doubles as pairs of words (low, high) whose unsigned order is the order of the numbers. */
function sortableBits(values: ArrayLike<number>): Uint32Array {
  const doubles = Float64Array.from(values);
  const bits = new Uint32Array(doubles.buffer);
  for (let i = 0; i < doubles.length; i++) {
    if (Number.isNaN(doubles[i])) throw new RangeError(`cannot order NaN, found at index ${i}`);
    const high = bits[2 * i + 1]!;
    if (high >>> 31 === 1) {
      bits[2 * i] = ~bits[2 * i]!;
      bits[2 * i + 1] = ~high;
    } else bits[2 * i + 1] = high | 0x80000000;
  }
  return bits;
}

function digitCounts(keys: Uint32Array, count: number): Uint32Array {
  const counts = new Uint32Array(passes * digitValues);
  for (let i = 0; i < count; i++)
    for (let pass = 0; pass < passes; pass++) counts[pass * digitValues + digitAt(keys, i, pass)]! += 1;
  return counts;
}

/** Eleven bits of key `i`, from bit `11 × pass` up; the third digit straddles the two words. */
function digitAt(keys: Uint32Array, i: number, pass: number): number {
  const shift = pass * digitBits;
  if (shift >= 32) return (keys[2 * i + 1]! >>> (shift - 32)) & digitMask;
  if (shift + digitBits <= 32) return (keys[2 * i]! >>> shift) & digitMask;
  return ((keys[2 * i]! >>> shift) | (keys[2 * i + 1]! << (32 - shift))) & digitMask;
}
