/** How sure a calibration is, by score: labels counted over bins of about equal mass. */

import {binOf, quantileEdges} from '../../math/index.ts';

export type CalibrationBins = {
  /** Ascending inner edges, as of any histogram. */
  readonly edges: readonly number[];
  /** Variance of the rate of label 1 in each bin, from as many rows as the bin holds (of equal weight). */
  readonly variances: readonly number[];
};

const ROWS_IN_BIN = 50;
const MOST_BINS = 50;

/** Jeffreys' prior of half a row of each class keeps a bin without positives from being certain. */
export function calibrationBins(scores: Float64Array, labels: Float64Array, weights?: Float64Array): CalibrationBins {
  const bins = Math.max(2, Math.min(MOST_BINS, Math.floor(scores.length / ROWS_IN_BIN)));
  const edges = quantileEdges(scores, bins);
  const sums = Array.from({length: edges.length + 1}, () => ({positives: 0, weight: 0, squares: 0}));
  for (let i = 0; i < scores.length; i++) {
    const bin = sums[binOf(edges, scores[i]!)]!;
    const w = weights === undefined ? 1 : weights[i]!;
    bin.positives += w * labels[i]!;
    bin.weight += w;
    bin.squares += w * w;
  }
  const variances = sums.map(({positives, weight, squares}) => {
    const rows = squares === 0 ? 0 : (weight * weight) / squares; // Kish's effective sample size
    const share = weight === 0 ? 0.5 : positives / weight;
    const rate = (share * rows + 0.5) / (rows + 1);
    return (rate * (1 - rate)) / Math.max(rows, 1);
  });
  return {edges, variances};
}
