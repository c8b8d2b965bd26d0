/**
 * Counts of values between fixed edges. `edges` ascend strictly and lie inside the range: bin 0 is
 * below the first, bin `i` is [edges[i-1], edges[i]), the last bin is open above. Nothing falls
 * outside, so `counts` has one entry more than `edges`. Mergeable; the state is plain JSON.
 */

export type Histogram = {
  readonly edges: readonly number[];
  readonly counts: number[];
  nulls: number;
};

export function emptyHistogram(edges: readonly number[]): Histogram {
  for (let i = 0; i < edges.length; i++)
    if (Number.isNaN(edges[i]!) || edges[i]! <= (edges[i - 1] ?? -Infinity))
      throw new RangeError(`edges must ascend strictly, got ${edges[i]} at index ${i}`);
  return {edges, counts: new Array<number>(edges.length + 1).fill(0), nulls: 0};
}

/** Adds one value in place; NaN counts as null. */
export function updateHistogram(state: Histogram, value: number): void {
  if (Number.isNaN(value)) state.nulls++;
  else state.counts[binOf(state.edges, value)]! += 1;
}

/** The histogram of a whole column. */
export function histogram(values: ArrayLike<number>, edges: readonly number[]): Histogram {
  const state = emptyHistogram(edges);
  for (let i = 0; i < values.length; i++) updateHistogram(state, values[i]!);
  return state;
}

/** The histogram of both parts together; they must have the same edges. */
export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  if (a.edges.length !== b.edges.length || a.edges.some((edge, i) => edge !== b.edges[i]))
    throw new RangeError('only histograms with the same edges can be merged');
  return {edges: a.edges, counts: a.counts.map((count, i) => count + b.counts[i]!), nulls: a.nulls + b.nulls};
}

/** The bin of `value`: how many edges are at or below it, by binary search. */
export function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
