/**
 * The rank-sum test (Wilcoxon, 1945; Mann and Whitney, 1947): does one sample tend to be the larger?
 * It sees a shift of ordered values, bins or ranks with more power than tests of any difference.
 */

import {type TieGroups, tieGroups, tieGroupsOfBins} from '../distances/tie-groups.ts';
import {normalTwoSided} from '../distributions/normal.ts';
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
 * The rank-sum test of raw values: equals `scipy.stats.mannwhitneyu(current, reference,
 * use_continuity=False, method='asymptotic')`; two-sided, ties by midranks, from about ten rows a side.
 * An empty side, or one value throughout, leaves nothing to test: z is 0 and p is 1.
 */
export function rankSum(reference: ArrayLike<number>, current: ArrayLike<number>): RankSumTest {
  return rankSumOf(tieGroups(reference, current));
}

/** The same test of counts over ordered bins: all rows of a bin are tied and have its midrank. */
export function rankSumOfBins(reference: ArrayLike<number>, current: ArrayLike<number>): RankSumTest {
  return rankSumOf(tieGroupsOfBins(reference, current));
}

function rankSumOf(groups: TieGroups): RankSumTest {
  const total = groups.referenceTotal + groups.currentTotal;
  const pairs = groups.referenceTotal * groups.currentTotal;
  let below = 0;
  let excess = 0; // of the current rank sum over its expectation
  let squares = 0; // of all ranks around their mean
  for (let group = 0; group < groups.groups; group++) {
    const rows = groups.reference[group]! + groups.current[group]!;
    const centred = below + (rows - total) / 2; // midrank less mean rank
    excess += groups.current[group]! * centred;
    squares += rows * centred * centred;
    below += rows;
  }
  const variance = (pairs / (total * (total - 1))) * squares;
  const z = pairs > 0 && squares > 0 ? excess / Math.sqrt(variance) : 0;
  const statistic = pairs / 2 + excess;
  return {statistic, z, pValue: normalTwoSided(z), superiority: statistic / pairs};
}
