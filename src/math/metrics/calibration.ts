/** Does a predicted 30 % happen 30 % of the time? The reliability table, and its one-number summary. */

import {ascendingOrder} from '../order.ts';
import {countPositives} from './labels.ts';

export type ReliabilityBin = {
  /** Lowest and highest score in the bin. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly positives: number;
  readonly meanScore: number;
  /** Share of labels that are 1. */
  readonly observedRate: number;
};

/**
 * The non-empty bins of probabilities, ascending. `mass`: bins of about equal counts, equal scores
 * always together, so there may be fewer than `bins`. `width`: `bins` equal parts of [0, 1], each
 * without its lower edge except the first.
 */
export function calibration(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 10,
  binning: 'mass' | 'width' = 'mass',
): ReliabilityBin[] {
  countPositives(probabilities, labels);
  const order = ascendingOrder(probabilities);
  const count = order.length;
  if (count > 0 && !(probabilities[order[0]!]! >= 0 && probabilities[order[count - 1]!]! <= 1))
    throw new RangeError('calibration needs probabilities between 0 and 1');

  const endOfBin = (start: number): number => {
    if (binning === 'mass') {
      const bin = Math.floor((start * bins) / count);
      return afterTies(probabilities, order, Math.max(start + 1, Math.ceil(((bin + 1) * count) / bins)));
    }
    const edge = Math.max(1, Math.ceil(probabilities[order[start]!]! * bins)) / bins;
    let end = start + 1;
    while (end < count && probabilities[order[end]!]! <= edge) end++;
    return end;
  };

  const table: ReliabilityBin[] = [];
  for (let start = 0; start < count; ) {
    const end = endOfBin(start);
    table.push(reliability(probabilities, labels, order.subarray(start, end)));
    start = end;
  }
  return table;
}

/** Mean distance of predicted and observed rate over the bins, weighed by their counts; 0 is perfect. */
export function expectedCalibrationError(table: readonly ReliabilityBin[]): number {
  let count = 0;
  let sum = 0;
  for (const bin of table) {
    count += bin.count;
    sum += bin.count * Math.abs(bin.meanScore - bin.observedRate);
  }
  return sum / count;
}

function reliability(probabilities: ArrayLike<number>, labels: ArrayLike<number>, rows: Uint32Array): ReliabilityBin {
  let positives = 0;
  let sum = 0;
  for (const row of rows) {
    positives += labels[row]!;
    sum += probabilities[row]!;
  }
  return {
    low: probabilities[rows[0]!]!,
    high: probabilities[rows[rows.length - 1]!]!,
    count: rows.length,
    positives,
    meanScore: sum / rows.length,
    observedRate: positives / rows.length,
  };
}

/** The first place from `end` on whose score differs from the one before it. */
function afterTies(scores: ArrayLike<number>, order: Uint32Array, end: number): number {
  while (end < order.length && scores[order[end]!] === scores[order[end - 1]!]) end++;
  return end;
}
