import type {QuantisedForest} from './quantised-forest.ts';

/** The bin of a missing value: beyond every threshold and in no set. */
export const MISSING = 0x7fffffff;
/** The bin of a category that is no code. */
const NO_CODE = -1;

/**
 * The bin of a float32 in a numeric column: how many of its thresholds lie below, so that `x <= threshold[k]` is
 * `bin <= k`. Thresholds ascend in [from, to).
 */
export function numericBin(thresholds: Float32Array, from: number, to: number, x: number): number {
  // biome-ignore lint/suspicious/noSelfCompare: the cheapest test for NaN
  if (x !== x) return MISSING;
  let low = from;
  for (let count = to - from; count > 0; ) {
    const half = (count + 1) >>> 1;
    low += half * Number(thresholds[low + half - 1]! < x);
    count -= half;
  }
  return low - from;
}

/** The bin of a categorical column: the code itself. */
export function categoryBin(x: number): number {
  if (Number.isNaN(x)) return MISSING;
  return (x | 0) === x && x >= 0 && x !== MISSING ? x : NO_CODE;
}

/** Writes the bins of one row, one per column, to `bins[at …]`; `value(f)` is feature `f`. */
export function binRow(forest: QuantisedForest, features: Float64Array, bins: Int32Array, at: number): void {
  const {numericFeature, numericStart, thresholds, setFeature} = forest;
  const numeric = numericFeature.length;
  for (let c = 0; c < numeric; c++) {
    const x = Math.fround(features[numericFeature[c]!]!);
    bins[at + c] = numericBin(thresholds, numericStart[c]!, numericStart[c + 1]!, x);
  }
  for (let c = 0; c < setFeature.length; c++)
    bins[at + numeric + c] = categoryBin(Math.fround(features[setFeature[c]!]!));
}
