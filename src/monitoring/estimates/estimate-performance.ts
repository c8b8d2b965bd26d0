/**
 * Performance of a binary classifier before labels come, from its calibrated confidence (CBPE, as NannyML
 * publishes it), with intervals for what labels will show.
 */

import {normalQuantile} from '../../math/index.ts';
import type {Estimate} from '../../protocol/index.ts';
import type {ValuePolicy} from './estimate-policy.ts';
import {estimatedRows} from './estimated-rows.ts';
import {decisions, expectedMetrics} from './expected-metrics.ts';
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
  const rows = estimatedRows(scores, calibrated(scores, calibration), decisions(scores, decideAt), weights);
  const errorOf = standardError([{rows, bins: calibration.bins}], Math.min(1, scores.length / of));
  const metrics: Record<string, Estimate> = {};
  for (const metric of expectedMetrics(rows, value)) {
    if (!Number.isFinite(metric.value)) continue;
    const reach = Z * errorOf([metric]);
    metrics[metric.name] = {
      value: metric.value,
      low: Math.max(metric.least, metric.value - reach),
      high: Math.min(metric.most, metric.value + (metric.excess ?? 0) + reach),
    };
  }
  return metrics;
}
