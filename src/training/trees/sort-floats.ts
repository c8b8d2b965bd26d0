/**
 * Sorts float32 values that are not NaN, ascending: least significant digit radix sort on their bits,
 * 11 at a time. About four times faster than the sort of typed arrays, which matters for bin edges.
 */
export function sortFloats(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.length);
  bits.set(new Uint32Array(values.buffer, values.byteOffset, values.length));
  // Order of floats as order of unsigned integers: flip all bits of negative ones, else the sign bit only.
  for (let i = 0; i < bits.length; i++) bits[i]! ^= (-(bits[i]! >>> 31) | 0x80000000) >>> 0;
  let from = bits;
  let to = new Uint32Array(bits.length);
  for (const shift of [0, 11, 22]) {
    const starts = new Uint32Array(2_048);
    for (let i = 0; i < from.length; i++) starts[(from[i]! >>> shift) & 2_047]! += 1;
    for (let digit = 0, start = 0; digit < 2_048; digit++) {
      const count = starts[digit]!;
      starts[digit] = start;
      start += count;
    }
    for (let i = 0; i < from.length; i++) {
      const key = from[i]!;
      const digit = (key >>> shift) & 2_047;
      to[starts[digit]!] = key;
      starts[digit]! += 1;
    }
    [from, to] = [to, from];
  }
  for (let i = 0; i < from.length; i++) from[i]! ^= ((from[i]! >>> 31) - 1) | 0x80000000;
  return new Float32Array(from.buffer);
}
