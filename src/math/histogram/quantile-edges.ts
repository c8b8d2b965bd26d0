import {sortedValues} from './quantile.ts';

/**
 * Edges that cut a sample into at most `bins` bins of about equal counts, for `histogram`. Edges are
 * values of the sample, each once and above its minimum: a value with a large share has a bin to
 * itself, and no bin of the sample is empty. A sample of one distinct value gives three bins (below
 * it, it, above it), so that a constant that starts to move is seen. No edges without values.
 */
export function quantileEdges(sample: ArrayLike<number>, bins: number): number[] {
  if (!(Number.isInteger(bins) && bins >= 2)) throw new RangeError(`bins must be an integer of 2 or more, got ${bins}`);
  const sorted = sortedValues(sample);
  if (sorted.length === 0) return [];
  const lowest = sorted[0]!;
  if (lowest === sorted[sorted.length - 1]) return [lowest, nextUp(lowest)];

  const edges: number[] = [];
  for (let k = 1; k < bins; k++) {
    const edge = sorted[Math.floor((k * sorted.length) / bins)]!;
    if (edge > (edges.at(-1) ?? lowest)) edges.push(edge);
  }
  // More than (bins - 1) / bins of the sample is the minimum: what is above it still gets a bin.
  if (edges.length === 0) edges.push(sorted.find(value => value > lowest)!);
  return edges;
}

/** The smallest double above a finite `x`. */
function nextUp(x: number): number {
  const double = new Float64Array([x + 0]); // -0 becomes 0
  const bits = new BigInt64Array(double.buffer);
  bits[0]! += x < 0 ? -1n : 1n;
  return double[0]!;
}
