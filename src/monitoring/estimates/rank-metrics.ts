/** Expected metrics of how a score ranks rows, with label 1 counted by its probability; equal scores are one step. */

import type {EstimatedRows, Linearised} from './estimated-rows.ts';

/**
 * Area under the ROC curve, as NannyML estimates it: expected wins of a positive over a negative drawn apart from
 * each other, a row against itself included as a tie, which pulls it towards 1/2 by less than 1/rows. NaN where one
 * class has no probability at all.
 */
export function expectedRocAuc({scores, probabilities, weights, order}: EstimatedRows): Linearised {
  const rows = scores.length;
  let positives = 0;
  let all = 0;
  for (let i = 0; i < rows; i++) {
    positives += weights[i]! * probabilities[i]!;
    all += weights[i]!;
  }
  const negatives = all - positives;
  const below = new Float64Array(rows); // negatives below each row, ties counting half
  const above = new Float64Array(rows); // positives above it
  let wins = 0;
  let negativesBelow = 0;
  let positivesBelow = 0;
  for (let start = 0, end = 0; start < rows; start = end) {
    let positivesHere = 0;
    let weightHere = 0;
    const score = scores[order[start]!]!;
    for (; end < rows && scores[order[end]!] === score; end++) {
      const row = order[end]!;
      positivesHere += weights[row]! * probabilities[row]!;
      weightHere += weights[row]!;
    }
    const negativesHere = weightHere - positivesHere;
    for (let k = start; k < end; k++) {
      below[order[k]!] = negativesBelow + negativesHere / 2;
      above[order[k]!] = positives - positivesBelow - positivesHere / 2;
    }
    wins += positivesHere * (negativesBelow + negativesHere / 2);
    negativesBelow += negativesHere;
    positivesBelow += positivesHere;
  }
  const pairs = positives * negatives;
  const value = pairs > 0 ? wins / pairs : Number.NaN;
  for (let i = 0; i < rows; i++) {
    const p = probabilities[i]!;
    const ifPositive = below[i]! / pairs - value / positives;
    const ifNegative = above[i]! / pairs - value / negatives;
    below[i] = weights[i]! * (ifPositive - ifNegative);
    above[i] = weights[i]! * (p * ifPositive + (1 - p) * ifNegative);
  }
  return {value, byLabel: below, byRow: above};
}

/**
 * Average precision, as NannyML estimates it. A positive that is known finds itself above, an expected one only
 * with its probability: `excess` is by how much labels of these rows are therefore expected to exceed it.
 */
export function expectedPrAuc({
  scores,
  probabilities,
  weights,
  order,
}: EstimatedRows): Linearised & {readonly excess: number} {
  const rows = scores.length;
  const found = new Float64Array(rows); // positives at or above each row
  const taken = new Float64Array(rows); // weight at or above it
  let positives = 0;
  let weight = 0;
  for (let end = rows - 1, k = end; end >= 0; end = k) {
    const score = scores[order[end]!]!;
    for (; k >= 0 && scores[order[k]!] === score; k--) {
      const row = order[k]!;
      positives += weights[row]! * probabilities[row]!;
      weight += weights[row]!;
    }
    for (let j = end; j > k; j--) {
      found[order[j]!] = positives;
      taken[order[j]!] = weight;
    }
  }
  let sum = 0;
  let excess = 0;
  for (let i = 0; i < rows; i++) {
    const mass = weights[i]! * probabilities[i]!;
    if (mass === 0) continue;
    sum += (mass * found[i]!) / taken[i]!;
    excess += (mass * weights[i]! * (1 - probabilities[i]!)) / taken[i]!;
  }
  const value = positives > 0 ? sum / positives : Number.NaN;

  // How a row changes the precision of all rows at or below it.
  let ifPositive = 0;
  let ifAny = 0;
  const byLabel = new Float64Array(rows);
  const byRow = new Float64Array(rows);
  for (let start = 0, end = 0; start < rows; start = end) {
    const score = scores[order[start]!]!;
    for (; end < rows && scores[order[end]!] === score; end++) {
      const row = order[end]!;
      const mass = weights[row]! * probabilities[row]!;
      if (mass === 0) continue;
      ifPositive += mass / taken[row]!;
      ifAny += (mass * found[row]!) / taken[row]! ** 2;
    }
    for (let k = start; k < end; k++) {
      const row = order[k]!;
      const precision = taken[row]! > 0 ? found[row]! / taken[row]! : 0;
      const gain = (precision + ifPositive - value) / positives;
      byLabel[row] = weights[row]! * gain;
      byRow[row] = weights[row]! * (probabilities[row]! * gain - ifAny / positives);
    }
  }
  return {value, byLabel, byRow, excess: excess / positives};
}
