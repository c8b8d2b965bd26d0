/**
 * The rank-sum test (Wilcoxon, 1945; Mann and Whitney, 1947): does one sample tend to be the larger?
 * It sees a shift of ordered values, bins or ranks with more power than tests of any difference.
 */

import {normalTwoSided} from '../distributions/normal.ts';
import {pairCounts} from '../drift/counts.ts';
import type {TwoSampleTest} from './two-sample.ts';

export type RankSumTest = TwoSampleTest & {
  /** Mann and Whitney's U of the current sample: pairs it wins, ties as half a pair. */
  readonly statistic: number;
  /** Above 0 where the current sample is the larger. */
  readonly z: number;
  /** P(current > reference) + P(tie) / 2 of two random rows; 0.5 is no shift, NaN if a side is empty. */
  readonly superiority: number;
};

/**
 * The rank-sum test of counts over the same ordered bins: all rows of a bin are tied and have its
 * midrank. Equals `scipy.stats.mannwhitneyu(current, reference, use_continuity=False, method='asymptotic')`
 * of the rows' bin numbers; two-sided, from about ten rows a side. An empty side, or all rows in one
 * bin, leaves nothing to test: z is 0 and p is 1.
 */
export function rankSumOfBins(reference: ArrayLike<number>, current: ArrayLike<number>): RankSumTest {
  const pair = pairCounts(reference, current);
  const total = pair.referenceTotal + pair.currentTotal;
  const pairs = pair.referenceTotal * pair.currentTotal;
  let below = 0;
  let excess = 0; // of the current rank sum over its expectation
  let squares = 0; // of all ranks around their mean
  for (let bin = 0; bin < pair.reference.length; bin++) {
    const rows = pair.reference[bin]! + pair.current[bin]!;
    const centred = below + (rows - total) / 2; // midrank less mean rank
    excess += pair.current[bin]! * centred;
    squares += rows * centred * centred;
    below += rows;
  }
  const variance = (pairs / (total * (total - 1))) * squares;
  const z = pairs > 0 && squares > 0 ? excess / Math.sqrt(variance) : 0;
  const statistic = pairs / 2 + excess;
  return {statistic, z, pValue: normalTwoSided(z), superiority: statistic / pairs};
}
