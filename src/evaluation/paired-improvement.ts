/** How much better one score is than another on the same rows, and how sure that is. */

import {compareAuc, normalQuantile} from '../math/index.ts';
import type {PairedMetric} from './gates.ts';

/** Above 0 where `ours` is better, whichever way the metric points. */
export type Improvement = {
  readonly value: number;
  readonly standardError: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
};

/**
 * The paired comparison of two scores of the same labelled rows (labels 0 or 1). Log loss and Brier: the
 * mean of the row-wise differences with its normal interval. AUC: DeLong's test for two correlated
 * curves. Null where a class (AUC) or the whole has fewer than two rows.
 */
export function pairedImprovement(
  metric: PairedMetric,
  ours: Float64Array,
  theirs: Float64Array,
  labels: Float64Array,
): Improvement | null {
  if (metric === 'auc') {
    const {difference, standardError} = compareAuc(ours, theirs, labels);
    return Number.isNaN(standardError) ? null : withInterval(difference, standardError);
  }
  if (labels.length < 2) return null;
  const loss = metric === 'logLoss' ? negativeLogLikelihood : squaredError;
  const {mean, variance} = momentsOf(labels, i => loss(theirs[i]!, labels[i]!) - loss(ours[i]!, labels[i]!));
  return withInterval(mean, Math.sqrt(variance / labels.length));
}

/** Clipped as in `logLoss`, so that the mean difference is the difference of the means. */
function negativeLogLikelihood(probability: number, label: number): number {
  const p = Math.min(Math.max(probability, 1e-15), 1 - 1e-15);
  return label === 1 ? -Math.log(p) : -Math.log1p(-p);
}

const squaredError = (probability: number, label: number): number => (probability - label) ** 2;

/** Mean and sample variance in one pass (Welford, 1962). */
function momentsOf(rows: ArrayLike<unknown>, value: (i: number) => number): {mean: number; variance: number} {
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < rows.length; i++) {
    const x = value(i);
    const delta = x - mean;
    mean += delta / (i + 1);
    squares += delta * (x - mean);
  }
  return {mean, variance: squares / (rows.length - 1)};
}

const reach = normalQuantile(0.975);

const withInterval = (value: number, standardError: number): Improvement => ({
  value,
  standardError,
  low: value - reach * standardError,
  high: value + reach * standardError,
});
