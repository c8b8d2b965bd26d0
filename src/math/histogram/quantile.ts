/** Quantiles of a sample, by linear interpolation between order statistics: type 7 of Hyndman and Fan (1996), NumPy's default. */

/** The `p` quantile of `values` (0 <= p <= 1), NaN left out; NaN without values. Sorts a copy. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(sortedValues(values), p);
}

/** The `p` quantile of ascending values: for several quantiles of one sample. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile must be between 0 and 1, got ${p}`);
  if (sorted.length === 0) return Number.NaN;
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low === high ? low : low + (high - low) * (place - below);
}

/** A sorted copy without NaN. */
export function sortedValues(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) kept[count++] = values[i]!;
  return kept.subarray(0, count).sort();
}
