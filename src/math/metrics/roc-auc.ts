import {ascendingOrder} from '../order.ts';
import {countPositives} from './labels.ts';

/**
 * Area under the ROC curve: the probability that a random positive scores above a random negative,
 * ties counting half (Mann and Whitney's U with average ranks). NaN if either class is absent.
 */
export function rocAuc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const positives = countPositives(scores, labels);
  const negatives = scores.length - positives;
  const order = ascendingOrder(scores);
  let wins = 0;
  let negativesBelow = 0;
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i]!]!;
    let positivesHere = 0;
    let rowsHere = 0;
    for (; i < order.length && scores[order[i]!] === score; i++) {
      positivesHere += labels[order[i]!]!;
      rowsHere++;
    }
    const negativesHere = rowsHere - positivesHere;
    wins += positivesHere * (negativesBelow + negativesHere / 2);
    negativesBelow += negativesHere;
  }
  return wins / (positives * negatives);
}
