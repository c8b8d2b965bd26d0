import {sortFloats} from './sort-floats.ts';

/**
 * Upper edges of the bins of a numeric feature, from a sample of its values: at most `maxBins`, ascending,
 * the last infinite. Bin b holds values x with edges[b - 1] < x <= edges[b]. With few distinct values each
 * has its own bin; else bins hold about equally many. Edges are float32, as are the values compared to them.
 */
export function numericEdges(sample: Float32Array, maxBins: number): Float32Array {
  let known = 0;
  const values = new Float32Array(sample.length);
  for (let i = 0; i < sample.length; i++) if (!Number.isNaN(sample[i]!)) values[known++] = sample[i]!;
  const sorted = sortFloats(values.subarray(0, known));
  const edges: number[] = [];
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++;
  const even = distinct > maxBins;
  let target = sorted.length / maxBins;
  let inBin = 0;
  for (let i = 0; i + 1 < sorted.length; i++) {
    inBin++;
    if (sorted[i] === sorted[i + 1] || (even && inBin < target)) continue;
    edges.push(between(sorted[i]!, sorted[i + 1]!));
    inBin = 0;
    if (edges.length === maxBins - 1) break;
    target = (sorted.length - i - 1) / (maxBins - edges.length);
  }
  return Float32Array.from([...edges, Number.POSITIVE_INFINITY]);
}

/** A float32 x with a <= x < b. */
function between(a: number, b: number): number {
  const middle = Math.fround((a + b) / 2);
  return middle < b && middle >= a ? middle : a;
}
