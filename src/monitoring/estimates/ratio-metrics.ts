/** Expected metrics that are a ratio of two sums over rows: of the confusion matrix, or of a loss. */

import type {ValuePolicy} from './estimate-policy.ts';
import type {EstimatedRows, Linearised} from './estimated-rows.ts';

/** What a row adds to numerator and denominator if its label were 0, and what it adds besides if it is 1. */
type Terms = readonly [top: number, topIfPositive: number, bottom: number, bottomIfPositive: number];
/** `decided`: 1 where label 1 is decided, else 0. */
export type RatioMetric = (score: number, decided: number) => Terms;

/** As `math` clips it. */
const LEAST = 1e-15;

export const RATIO_METRICS: Readonly<Record<string, RatioMetric>> = {
  accuracy: (_, decided) => [1 - decided, 2 * decided - 1, 1, 0],
  precision: (_, decided) => [0, decided, decided, 0],
  recall: (_, decided) => [0, decided, 0, 1],
  specificity: (_, decided) => [1 - decided, decided - 1, 1, -1],
  f1: (_, decided) => [0, 2 * decided, decided, 1],
  logLoss: score => {
    const p = Math.min(1 - LEAST, Math.max(LEAST, score));
    const ifNegative = -Math.log1p(-p);
    return [ifNegative, -Math.log(p) - ifNegative, 1, 0];
  },
  brier: score => [score * score, 1 - 2 * score, 1, 0],
  baseRate: () => [0, 1, 1, 0],
};

/** Mean value of a decision. */
export const valueMetric =
  ({truePositive, falsePositive, falseNegative, trueNegative}: ValuePolicy): RatioMetric =>
  (_, decided) =>
    decided === 1
      ? [falsePositive, truePositive - falsePositive, 1, 0]
      : [trueNegative, falseNegative - trueNegative, 1, 0];

/** The metric with label 1 counted by its probability; NaN where nothing is in the denominator. */
export function expectedRatio(
  metric: RatioMetric,
  {scores, probabilities, weights, decided}: EstimatedRows,
): Linearised {
  const rows = scores.length;
  const top = new Float64Array(rows);
  const bottom = new Float64Array(rows);
  const byLabel = new Float64Array(rows);
  const bottomByLabel = new Float64Array(rows);
  let tops = 0;
  let bottoms = 0;
  for (let i = 0; i < rows; i++) {
    const [t, tIf, b, bIf] = metric(scores[i]!, decided[i]!);
    const p = probabilities[i]!;
    top[i] = t + p * tIf;
    bottom[i] = b + p * bIf;
    byLabel[i] = tIf;
    bottomByLabel[i] = bIf;
    tops += weights[i]! * top[i]!;
    bottoms += weights[i]! * bottom[i]!;
  }
  const value = bottoms > 0 ? tops / bottoms : Number.NaN;
  for (let i = 0; i < rows; i++) {
    const share = weights[i]! / bottoms;
    byLabel[i] = share * (byLabel[i]! - value * bottomByLabel[i]!);
    top[i] = share * (top[i]! - value * bottom[i]!);
  }
  return {value, byLabel, byRow: top};
}
