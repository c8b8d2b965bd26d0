/** Performance of a classifier of several classes before labels come: the mean of each class against all others. */

import {normalQuantile} from '../../math/index.ts';
import type {EstimatedMetrics} from './estimate-performance.ts';
import {type EstimatedRows, estimatedRows, type Linearised} from './estimated-rows.ts';
import {expectedPrAuc, expectedRocAuc} from './rank-metrics.ts';
import {expectedRatio, RATIO_METRICS, type RatioMetric} from './ratio-metrics.ts';
import {calibrated, type ScoreCalibration} from './score-calibration.ts';
import {standardError} from './standard-error.ts';

const MEANS = ['precision', 'recall', 'specificity', 'f1'] as const;
const decidedRight: RatioMetric = (_, decided) => [0, decided, 1, 0];
const Z = normalQuantile(0.975);

/**
 * auc, prAuc, precision, recall, specificity and f1 as means over classes, and accuracy, as NannyML's CBPE
 * estimates them. One column of scores and one calibration (of that class against all others) for each class;
 * `decided` is the class of each row. Calibrated probabilities of a row are made to add up to 1.
 */
export function estimateMulticlass(
  scores: readonly Float64Array[],
  calibrations: readonly Pick<ScoreCalibration, 'isotonic' | 'bins'>[],
  decided: ArrayLike<number>,
): EstimatedMetrics {
  const probabilities = normalised(scores.map((column, c) => calibrated(column, calibrations[c]!)));
  const rows = scores.map((column, c) => {
    const isDecided = Uint8Array.from(column, (_, i) => (decided[i] === c ? 1 : 0));
    return estimatedRows(column, probabilities[c]!, isDecided);
  });
  const classes = rows.map((own, c) => ({rows: own, bins: calibrations[c]!.bins}));
  const errorOf = standardError(classes, 1);
  const over = (share: number, metric: (rows: EstimatedRows) => Linearised) => {
    const metrics = rows.map(metric);
    const value = share * metrics.reduce((sum, own) => sum + own.value, 0);
    const reach = Z * share * errorOf(metrics);
    return {value, low: Math.max(0, value - reach), high: Math.min(1, value + reach)};
  };
  const mean = 1 / rows.length;
  const metrics = {
    auc: over(mean, expectedRocAuc),
    prAuc: over(mean, expectedPrAuc),
    ...Object.fromEntries(MEANS.map(name => [name, over(mean, own => expectedRatio(RATIO_METRICS[name]!, own))])),
    accuracy: over(1, own => expectedRatio(decidedRight, own)),
  };
  return Object.fromEntries(Object.entries(metrics).filter(([, {value}]) => Number.isFinite(value)));
}

/** A row that no class has any probability for is as likely of one class as of another. */
function normalised(columns: readonly Float64Array[]): Float64Array[] {
  const result = columns.map(column => column.slice());
  for (let i = 0; i < result[0]!.length; i++) {
    const total = columns.reduce((sum, column) => sum + column[i]!, 0);
    for (const column of result) column[i] = total > 0 ? column[i]! / total : 1 / columns.length;
  }
  return result;
}
