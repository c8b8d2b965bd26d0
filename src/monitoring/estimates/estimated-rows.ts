/** Rows whose labels are not known yet, each with its probability of label 1. */

import {ascendingOrder} from '../../math/index.ts';

export type EstimatedRows = {
  /** As the model gave them: rows are ranked by these. */
  readonly scores: Float64Array;
  /** Calibrated. */
  readonly probabilities: Float64Array;
  /** 1 where label 1 was decided, else 0. */
  readonly decided: ArrayLike<number>;
  /** How much each row counts; they add up to 1. */
  readonly weights: Float64Array;
  /** Sorts the scores ascending. */
  readonly order: Uint32Array;
};

/**
 * A metric as it is expected, and what moves it: the derivative by the probability of each row, and the influence
 * of each row on it (which add up to 0), both times the row's weight. From these come all of its errors.
 */
export type Linearised = {
  readonly value: number;
  readonly byLabel: Float64Array;
  readonly byRow: Float64Array;
};

/** `weights` of any sum; every row counts the same if absent. */
export function estimatedRows(
  scores: Float64Array,
  probabilities: Float64Array,
  decided: ArrayLike<number>,
  weights: Float64Array = new Float64Array(scores.length).fill(1),
): EstimatedRows {
  return weighted({scores, probabilities, decided, weights, order: ascendingOrder(scores)}, weights);
}

/** The same rows with other weights, of any sum. */
export function weighted(rows: EstimatedRows, weights: Float64Array): EstimatedRows {
  const total = weights.reduce((sum, w) => sum + w, 0);
  return {...rows, weights: weights.map(w => w / total)};
}
