import {ascendingOrder} from '../order.ts';
import {countPositives} from './labels.ts';

/**
 * Average precision, the usual summary of the precision-recall curve: the precision at each score
 * that a positive has, weighed by the recall gained there; no interpolation. NaN without positives.
 */
export function prAuc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const positives = countPositives(scores, labels);
  const order = ascendingOrder(scores);
  let sum = 0;
  let rowsAbove = 0;
  let positivesAbove = 0;
  for (let i = order.length - 1; i >= 0; ) {
    const score = scores[order[i]!]!;
    let positivesHere = 0;
    for (; i >= 0 && scores[order[i]!] === score; i--) {
      positivesHere += labels[order[i]!]!;
      rowsAbove++;
    }
    positivesAbove += positivesHere;
    sum += positivesHere * (positivesAbove / rowsAbove);
  }
  return sum / positives;
}
