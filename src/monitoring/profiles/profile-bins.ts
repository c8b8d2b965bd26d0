/** The same bins for two sketches, so that any measure on counts compares them. */

import {type FrequentItem, quantileEdges} from '../../math/index.ts';
import type {BinCounts} from '../drift/cells.ts';
import {type NumericSketch, sameEdges} from './numeric-sketch.ts';
import type {TextSketch} from './text-sketch.ts';

export type BinPair = {
  readonly kind: 'numeric' | 'categorical';
  /** Upper edges, one fewer than counts; empty for texts. */
  readonly edges: readonly number[];
  /** Name of each bin of texts, the last of all that are not listed. */
  readonly categories: readonly string[];
  /** Weighed: where counts come from quantiles they sum to the rows that these are worth, not to all rows. */
  readonly reference: BinCounts;
  readonly current: BinCounts;
};

const DECILES = 10;
const TOP_CATEGORIES = 20;
/** A text has a bin if its count is at least so many times what the count may lack. */
const CLEAR_OF_ERROR = 20;

export function numericBins(reference: NumericSketch, current: NumericSketch): BinPair {
  const edges = edgesOf(reference);
  return {
    kind: 'numeric',
    edges,
    categories: [],
    reference: countsOf(reference, edges),
    current: countsOf(current, edges),
  };
}

/** Inner edges of ten bins of about equal counts; infinite values are in the outer bins. */
export const deciles = (sample: Float64Array): number[] => quantileEdges(sample.filter(Number.isFinite), DECILES);

/** Those over which the reference was counted, or else its deciles. */
export function edgesOf({bins, quantiles}: NumericSketch): readonly number[] {
  if (bins) return bins.edges;
  // A hundred quantiles stand for the rows: a value with a large share is among them as often as that.
  const sample = Float64Array.from({length: 101}, (_, i) => quantiles.quantile(i / 100));
  return deciles(sample);
}

function countsOf(sketch: NumericSketch, edges: readonly number[]): BinCounts {
  if (sketch.bins && sameEdges(sketch.bins, {edges})) return {counts: sketch.bins.counts, nulls: sketch.nulls};
  const {quantiles} = sketch;
  if (quantiles.count === 0) return {counts: new Array<number>(edges.length + 1).fill(0), nulls: sketch.nulls};
  // Ranks have an error: their counts are worth those of a sample that has the same.
  const weight = quantiles.effectiveRows / quantiles.count;
  const distribution = quantiles.sorted();
  const below = [...edges.map(edge => distribution.below(edge)), distribution.rows];
  return {counts: below.map((rows, i) => (rows - (below[i - 1] ?? 0)) * weight), nulls: sketch.nulls * weight};
}

/** The reference's most frequent texts and all others. What the current rows hold has no say: it would make chance look like drift. */
export function textBins(reference: TextSketch, current: TextSketch): BinPair {
  const error = Math.max(shareOfError(reference), shareOfError(current));
  const least = CLEAR_OF_ERROR * error * reference.count;
  const top = reference.frequent.items(TOP_CATEGORIES).filter(({count}: FrequentItem) => count >= least);
  const categories = top.map(({value}) => value);
  const counts = (sketch: TextSketch): BinCounts => {
    const listed = categories.map(category => sketch.frequent.countOf(category));
    const others = sketch.count - listed.reduce((sum, count) => sum + count, 0);
    return {counts: [...listed, others], nulls: sketch.nulls};
  };
  return {
    kind: 'categorical',
    edges: [],
    categories: [...categories, 'other'],
    reference: counts(reference),
    current: counts(current),
  };
}

const shareOfError = ({frequent, count}: TextSketch): number => (count === 0 ? 0 : frequent.error / count);
