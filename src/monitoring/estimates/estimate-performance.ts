/**
 * Performance of a binary classifier before labels come, from its calibrated confidence (CBPE, as NannyML
 * publishes it), with intervals for what labels will show.
 */

import {normalQuantile} from '../../math/index.ts';
import type {Estimate} from '../../protocol/index.ts';
import type {ValuePolicy} from './estimate-policy.ts';
import {estimatedRows, type Linearised} from './estimated-rows.ts';
import {expectedPrAuc, expectedRocAuc} from './rank-metrics.ts';
import {expectedRatio, RATIO_METRICS, valueMetric} from './ratio-metrics.ts';
import {calibrated, type ScoreCalibration} from './score-calibration.ts';
import {standardError} from './standard-error.ts';

export type EstimateOptions = {
  /** Label 1 is decided for scores at or above this. */
  readonly decideAt: number;
  readonly value?: ValuePolicy | null;
  /** How much each row counts; the same if absent. */
  readonly weights?: Float64Array;
  /** Rows that these are a uniform sample of, and that labels will come for; just these if absent. */
  readonly of?: number;
};

/** By metric: auc, prAuc, accuracy, precision, recall, specificity, f1, logLoss, brier, baseRate and value (the mean of a decision). */
export type EstimatedMetrics = {readonly [metric: string]: Estimate};

const Z = normalQuantile(0.975);

/**
 * What each metric is expected to be on rows with these scores, and between what it will come out in 95 % of
 * windows, if inputs and labels belong together as they did where the calibration was learned. A metric that these
 * rows do not have, such as the precision of no positive decision, is left out.
 */
export function estimatePerformance(
  scores: Float64Array,
  calibration: Pick<ScoreCalibration, 'isotonic' | 'bins'>,
  {decideAt, value = null, weights, of = scores.length}: EstimateOptions,
): EstimatedMetrics {
  const decided = Uint8Array.from(scores, score => (score >= decideAt ? 1 : 0));
  const rows = estimatedRows(scores, calibrated(scores, calibration), decided, weights);
  const errorOf = standardError([{rows, bins: calibration.bins}], Math.min(1, scores.length / of));
  const metrics: Record<string, Estimate> = {};
  const add = (name: string, metric: Linearised, [least, most] = [0, 1], excess = 0) => {
    if (!Number.isFinite(metric.value)) return;
    const reach = Z * errorOf([metric]);
    const low = Math.max(least, metric.value - reach);
    metrics[name] = {value: metric.value, low, high: Math.min(most, metric.value + excess + reach)};
  };
  add('auc', expectedRocAuc(rows));
  const precisionRecall = expectedPrAuc(rows);
  add('prAuc', precisionRecall, [0, 1], precisionRecall.excess);
  for (const [name, metric] of Object.entries(RATIO_METRICS))
    add(name, expectedRatio(metric, rows), [0, name === 'logLoss' ? Infinity : 1]);
  if (value !== null) add('value', expectedRatio(valueMetric(value), rows), [-Infinity, Infinity]);
  return metrics;
}
