import {chiSquareSurvival} from '../distributions/chi-square.ts';
import {pairCounts} from './counts.ts';

export type ChiSquareTest = {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
};

/**
 * Pearson's test of homogeneity: do two samples of counts over the same bins come from one
 * distribution? Approximate: trust it where the expected counts are about 5 or more. With one bin
 * or an empty side there is nothing to test: p is 1.
 */
export function chiSquareTest(reference: ArrayLike<number>, current: ArrayLike<number>): ChiSquareTest {
  const pair = pairCounts(reference, current);
  const degreesOfFreedom = Math.max(0, pair.reference.length - 1);
  if (degreesOfFreedom === 0 || pair.referenceTotal === 0 || pair.currentTotal === 0)
    return {statistic: 0, degreesOfFreedom, pValue: 1};
  const share = pair.referenceTotal / (pair.referenceTotal + pair.currentTotal);
  let statistic = 0;
  for (let bin = 0; bin < pair.reference.length; bin++) {
    const both = pair.reference[bin]! + pair.current[bin]!;
    // Both cells of a bin miss their expectation by the same number of rows.
    statistic += (pair.reference[bin]! - both * share) ** 2 / (both * share * (1 - share));
  }
  return {statistic, degreesOfFreedom, pValue: chiSquareSurvival(statistic, degreesOfFreedom)};
}
