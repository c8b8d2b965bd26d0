/**
 * How sure an AUC is, and whether two on the same rows differ: DeLong, DeLong and Clarke-Pearson,
 * "Comparing the areas under two or more correlated ROC curves" (1988), in O(n log n) by ranks (Sun and Xu, 2014).
 */

import {normalQuantile, normalTwoSided} from '../distributions/normal.ts';
import {ascendingOrder} from '../order.ts';
import {countPositives} from './labels.ts';

export type AucInterval = {
  readonly auc: number;
  readonly standardError: number;
  /** Normal limits, clipped to [0, 1]. */
  readonly low: number;
  readonly high: number;
};

export type AucComparison = {
  readonly aucA: number;
  readonly aucB: number;
  /** `aucA - aucB` with its limits. */
  readonly difference: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  readonly z: number;
  /** Two-sided; 1 for scores that rank alike. */
  readonly pValue: number;
};

/** The AUC with its confidence limits; they are NaN with fewer than two rows in either class. */
export function aucInterval(scores: ArrayLike<number>, labels: ArrayLike<number>, confidence = 0.95): AucInterval {
  const places = placements(scores, labels);
  const auc = classMean(places, labels, 1);
  const standardError = Math.sqrt(variance(places, labels));
  const reach = normalQuantile((1 + confidence) / 2) * standardError;
  return {auc, standardError, low: Math.max(0, auc - reach), high: Math.min(1, auc + reach)};
}

/** Compares two scores of the same rows, pairing taken into account. */
export function compareAuc(
  scoresA: ArrayLike<number>,
  scoresB: ArrayLike<number>,
  labels: ArrayLike<number>,
  confidence = 0.95,
): AucComparison {
  const placesA = placements(scoresA, labels);
  const placesB = placements(scoresB, labels);
  const aucA = classMean(placesA, labels, 1);
  const aucB = classMean(placesB, labels, 1);
  const difference = aucA - aucB;
  const lead = placesA.map((place, i) => place - placesB[i]!);
  const standardError = Math.sqrt(variance(lead, labels));
  const reach = normalQuantile((1 + confidence) / 2) * standardError;
  const z = difference === 0 ? 0 : difference / standardError;
  return {
    aucA,
    aucB,
    difference,
    standardError,
    low: difference - reach,
    high: difference + reach,
    z,
    pValue: normalTwoSided(z),
  };
}

/**
 * Per row, its share of won comparisons with the other class, ties counting half: for a positive the
 * negatives below it, for a negative the positives above it. The mean over either class is the AUC.
 */
function placements(scores: ArrayLike<number>, labels: ArrayLike<number>): Float64Array {
  const positives = countPositives(scores, labels);
  const negatives = scores.length - positives;
  const order = ascendingOrder(scores);
  const places = new Float64Array(scores.length);
  let positivesBelow = 0;
  for (let start = 0, end = 0; start < order.length; start = end) {
    const score = scores[order[start]!]!;
    let positivesHere = 0;
    for (; end < order.length && scores[order[end]!] === score; end++) positivesHere += labels[order[end]!]!;
    const negativesBelow = start - positivesBelow + (end - start - positivesHere) / 2;
    const positivesAbove = positives - positivesBelow - positivesHere / 2;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      places[row] = labels[row] === 1 ? negativesBelow / negatives : positivesAbove / positives;
    }
    positivesBelow += positivesHere;
  }
  return places;
}

/** Variance of an AUC, or of the difference of two: that of its placements within each class, over its size. */
function variance(places: Float64Array, labels: ArrayLike<number>): number {
  let total = 0;
  for (const label of [0, 1] as const) {
    const mean = classMean(places, labels, label);
    let count = 0;
    let sum = 0;
    for (let i = 0; i < places.length; i++) {
      if (labels[i] !== label) continue;
      count++;
      sum += (places[i]! - mean) ** 2;
    }
    total += sum / (count - 1) / count;
  }
  return total;
}

function classMean(places: Float64Array, labels: ArrayLike<number>, label: 0 | 1): number {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < places.length; i++) {
    if (labels[i] !== label) continue;
    count++;
    sum += places[i]!;
  }
  return sum / count;
}
