// Neighbours among the float32 numbers, so that comparisons can be written another way without changing an answer.
const FLOATS = new Float32Array(1);
const BITS = new Int32Array(FLOATS.buffer);

/** Place of a float32 among all of them: ascending with the number; -0 and 0 share place 0. NaN has none. */
export function placeOf(x: number): number {
  FLOATS[0] = x;
  const bits = BITS[0]!;
  return bits < 0 ? -(bits & 0x7fffffff) : bits;
}

/** The float32 at a place. */
export function floatAt(place: number): number {
  BITS[0] = place < 0 ? -place | (1 << 31) : place;
  return FLOATS[0]!;
}

/** The largest float32 below `x`; NaN, which nothing is at most, below -Infinity. */
export const floatBelow = (x: number): number =>
  x === Number.NEGATIVE_INFINITY ? Number.NaN : floatAt(placeOf(x) - 1);

/** The largest float32 that is at most `x`. */
export function floatFloor(x: number): number {
  const rounded = Math.fround(x);
  return rounded > x ? floatBelow(rounded) : rounded;
}

const LEAST = placeOf(Number.NEGATIVE_INFINITY);
const MOST = placeOf(Number.POSITIVE_INFINITY);

/** The largest float32 for which `holds`, a condition that once false stays false as numbers grow; NaN where none is. */
export function largestFloat(holds: (x: number) => boolean): number {
  if (!holds(floatAt(LEAST))) return Number.NaN;
  let low = LEAST;
  for (let high = MOST + 1; high - low > 1; ) {
    const middle = Math.floor((low + high) / 2);
    if (holds(floatAt(middle))) low = middle;
    else high = middle;
  }
  return floatAt(low);
}
