/** Tests of counts over the same bins, in any order: categories as well as ranges. */

import {pairCounts} from '../distances/count-pair.ts';
import {chiSquareSurvival} from '../distributions/chi-square.ts';
import type {TwoSampleTest} from './two-sample.ts';

export type ChiSquareTest = TwoSampleTest & {readonly degreesOfFreedom: number};

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

/**
 * The likelihood-ratio test of the same question, 2 Σ O ln(O / E) (Wilks, 1938): the G-test. As
 * `scipy.stats.chi2_contingency(lambda_='log-likelihood', correction=False)`; close to `chiSquareTest`,
 * which keeps its alpha better where expected counts are small.
 */
export function gTest(reference: ArrayLike<number>, current: ArrayLike<number>): ChiSquareTest {
  const pair = pairCounts(reference, current);
  const degreesOfFreedom = Math.max(0, pair.reference.length - 1);
  if (degreesOfFreedom === 0 || pair.referenceTotal === 0 || pair.currentTotal === 0)
    return {statistic: 0, degreesOfFreedom, pValue: 1};
  const share = pair.referenceTotal / (pair.referenceTotal + pair.currentTotal);
  let half = 0;
  for (let bin = 0; bin < pair.reference.length; bin++) {
    const r = pair.reference[bin]!;
    const c = pair.current[bin]!;
    if (r > 0) half += r * Math.log(r / ((r + c) * share));
    if (c > 0) half += c * Math.log(c / ((r + c) * (1 - share)));
  }
  const statistic = Math.max(0, 2 * half);
  return {statistic, degreesOfFreedom, pValue: chiSquareSurvival(statistic, degreesOfFreedom)};
}
