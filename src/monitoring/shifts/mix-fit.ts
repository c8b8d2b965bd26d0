/** Would another mix of the reference's classes explain how inputs and scores of a window look? No labels needed. */

import {quantileEdges} from '../../math/index.ts';
import type {ReferenceRows, RowSample} from '../windows/row-sample.ts';

export type MixFit = {
  /** Drift of scores and features together: sum of Pearson's distances, less what chance gives; about 0 without drift. */
  readonly drift: number;
  /** What of it another mix leaves. */
  readonly left: number;
  /** Standard deviation of both where nothing moved. */
  readonly noise: number;
};

const BINS = 10;

/**
 * Compares each feature and the score with the reference's classes at their own rate of label 1 and at `baseRate`, such
 * as that of black-box shift estimation; features of `except`, which differ in every window, are left out. Under label
 * shift, P(x | y) as before, nothing is `left`; a shift of one feature that moves the scores leaves about a fifth,
 * because the others do not follow.
 */
export function mixFit(
  reference: ReferenceRows,
  sample: RowSample,
  baseRate: number,
  except: readonly string[] = [],
): MixFit {
  const positives = reference.labels.reduce((sum, y) => sum + y, 0);
  const own = positives / reference.rows;
  let [drift, left, degrees] = [0, 0, 0];
  for (const {name, binOf, counts} of classBins(reference)) {
    const is = name === null ? sample.scores : sample.columns[sample.names.indexOf(name)];
    if (is === undefined || (name !== null && except.includes(name))) continue;
    const seen = new Array<number>(BINS + 1).fill(0);
    for (const value of is) seen[binOf(value)]!++;
    const sharesAt = (rate: number): number[] =>
      counts[0].map((n, bin) => ((1 - rate) * n) / (reference.rows - positives) + (rate * counts[1][bin]!) / positives);
    drift += distance(seen, sharesAt(own));
    left += distance(seen, sharesAt(baseRate));
    degrees += sharesAt(own).filter(share => share > 0).length - 1;
  }
  // A chi-square with so many degrees has that mean and twice that variance.
  const unit = 1 / reference.rows + 1 / Math.max(1, sample.rows);
  return {drift: drift - degrees * unit, left: left - degrees * unit, noise: Math.sqrt(2 * degrees) * unit};
}

type ClassBins = {
  /** Null: the score. */
  readonly name: string | null;
  readonly binOf: (value: number) => number;
  /** Rows of each bin with label 0, and with label 1. */
  readonly counts: readonly [number[], number[]];
};

/** A reference is asked about in every window. */
const known = new WeakMap<ReferenceRows, readonly ClassBins[]>();

function classBins(reference: ReferenceRows): readonly ClassBins[] {
  const found = known.get(reference);
  if (found) return found;
  const binned = (name: string | null, column: Float64Array, isCategory: boolean): ClassBins => {
    const binOf = isCategory ? categoryBins(column) : numericBins(column);
    return {name, binOf, counts: classCounts(column, reference.labels, binOf)};
  };
  const features = reference.names.map((name, f) => binned(name, reference.columns[f]!, reference.categorical[f]!));
  const all = [...features, binned(null, reference.scores, false)];
  known.set(reference, all);
  return all;
}

/** Deciles, and a bin for what is missing. */
function numericBins(values: Float64Array): (value: number) => number {
  const edges = quantileEdges(values.filter(Number.isFinite), BINS);
  return value => {
    if (!Number.isFinite(value)) return 0;
    let [low, high] = [0, edges.length]; // edges below or at the value
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return 1 + low;
  };
}

/** The nine most frequent categories; the last bins are other ones and what is missing. */
function categoryBins(codes: Float64Array): (code: number) => number {
  const counts = new Map<number, number>();
  for (const code of codes) if (!Number.isNaN(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).slice(0, BINS - 1);
  const bins = new Map(frequent.map(([code], bin) => [code, bin]));
  return code => (Number.isNaN(code) ? BINS : (bins.get(code) ?? BINS - 1));
}

function classCounts(
  values: Float64Array,
  labels: Float64Array,
  binOf: (value: number) => number,
): [number[], number[]] {
  const counts: [number[], number[]] = [new Array<number>(BINS + 1).fill(0), new Array<number>(BINS + 1).fill(0)];
  for (let row = 0; row < values.length; row++) counts[labels[row] === 1 ? 1 : 0]![binOf(values[row]!)]!++;
  return counts;
}

/** Pearson's distance of counts from shares, of which each counts as at least one in ten thousand. */
function distance(counts: readonly number[], shares: readonly number[]): number {
  const rows = counts.reduce((sum, count) => sum + count, 0) || 1;
  return counts.reduce((sum, count, bin) => sum + (count / rows - shares[bin]!) ** 2 / Math.max(shares[bin]!, 1e-4), 0);
}
