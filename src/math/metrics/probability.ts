/** How good probabilities are row by row: log loss, Brier score, accuracy. All are NaN without rows. */

import {countPositives} from './labels.ts';

/** Mean negative log likelihood in nats; probabilities are clipped to [1e-15, 1 - 1e-15] first. */
export function logLoss(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  countPositives(probabilities, labels);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = Math.min(Math.max(probabilities[i]!, 1e-15), 1 - 1e-15);
    sum -= labels[i] === 1 ? Math.log(p) : Math.log1p(-p);
  }
  return sum / labels.length;
}

/** Mean squared difference of probability and label (Brier, 1950); smaller is better. */
export function brier(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  countPositives(probabilities, labels);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += (probabilities[i]! - labels[i]!) ** 2;
  return sum / labels.length;
}

/** Share of rows on the right side of `threshold`; a score equal to it predicts 1. */
export function accuracy(scores: ArrayLike<number>, labels: ArrayLike<number>, threshold = 0.5): number {
  countPositives(scores, labels);
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (scores[i]! >= threshold === (labels[i] === 1)) right++;
  return right / labels.length;
}
