import {accuracy, baseRate, brier, logLoss, normal, prAuc, type Random, rocAuc} from '../../math/index.ts';
import {sigmoid} from '../../models/index.ts';

/**
 * Rows of a model that is `overconfident` by this factor of the log odds (1: calibrated), at a base rate of 22 %.
 * `shift` moves the log odds of the rows, not what a score means.
 */
export function simulatedRows(rows: number, random: Random, {overconfident = 1, shift = 0} = {}) {
  const scores = new Float64Array(rows);
  const labels = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const margin = -1.6 + shift + 1.2 * normal(random);
    scores[i] = sigmoid(overconfident * margin);
    labels[i] = random() < sigmoid(margin) ? 1 : 0;
  }
  return {scores, labels};
}

/** Ten for a bad day caught, one for each caught in vain. */
export const simulatedValue = {
  truePositive: 10,
  falsePositive: -1,
  falseNegative: 0,
  trueNegative: 0,
  unit: 'EUR',
};

/** What `estimatePerformance` estimates, of rows whose labels are known. */
export function realisedMetrics(scores: Float64Array, labels: Float64Array, decideAt: number): Record<string, number> {
  let [truePositives, falsePositives] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! < decideAt) continue;
    if (labels[i] === 1) truePositives++;
    else falsePositives++;
  }
  const positives = labels.reduce((sum, y) => sum + y, 0);
  const negatives = labels.length - positives;
  const decided = truePositives + falsePositives;
  return {
    auc: rocAuc(scores, labels),
    prAuc: prAuc(scores, labels),
    accuracy: accuracy(scores, labels, decideAt),
    precision: truePositives / decided,
    recall: truePositives / positives,
    specificity: 1 - falsePositives / negatives,
    f1: (2 * truePositives) / (decided + positives),
    logLoss: logLoss(scores, labels),
    brier: brier(scores, labels),
    baseRate: baseRate(labels),
    value: (10 * truePositives - falsePositives) / labels.length,
  };
}
