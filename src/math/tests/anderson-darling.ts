/** The two-sample Anderson-Darling test: as Kolmogorov and Smirnov's, with more weight on the tails. */

import {type TieGroups, tieGroups, tieGroupsOfBins} from '../distances/tie-groups.ts';
import {andersonDarlingSurvival} from '../distributions/chi-square-series.ts';
import type {TwoSampleTest} from './two-sample.ts';

/**
 * The test of raw values, as `scipy.stats.anderson_ksamp` with midranks: the statistic is standardised,
 * about 0 without drift. With fewer than 4 values in all, an empty side or one distinct value there is
 * nothing to test: p is 1 and the statistic 0, or NaN with an empty side.
 *
 * p from 0.25 to 0.001 is the interpolation in the table of Scholz and Stephens, "K-sample
 * Anderson-Darling tests" (1987), as in scipy, which stops there. Outside, it is the limit law at the
 * same standardised value, scaled to join the interpolation at its ends. Ties widen the law: with them p
 * is taken at the value standardised by the variance under the ties, and is larger than scipy's, which
 * rejects 11 % of samples without drift at 5 % where there are two values.
 */
export function andersonDarling(reference: ArrayLike<number>, current: ArrayLike<number>): TwoSampleTest {
  return andersonDarlingOf(tieGroups(reference, current));
}

/** The same test of counts over ordered bins, where all rows of a bin are tied. */
export function andersonDarlingOfBins(reference: ArrayLike<number>, current: ArrayLike<number>): TwoSampleTest {
  return andersonDarlingOf(tieGroupsOfBins(reference, current));
}

function andersonDarlingOf(groups: TieGroups): TwoSampleTest {
  const {referenceTotal: n, currentTotal: m} = groups;
  if (n === 0 || m === 0) return {statistic: Number.NaN, pValue: Number.NaN};
  if (n + m < 4 || groups.groups < 2) return {statistic: 0, pValue: 1};
  const statistic = (midrankStatistic(groups) - 1) / Math.sqrt(finiteVariance(n, m));
  if (groups.groups === n + m) return {statistic, pValue: survival(statistic)};
  const rows = (group: number): number => groups.reference[group]! + groups.current[group]!;
  const widening = varianceUnderTies(rows, groups.groups, n + m) / varianceUnderTies(() => 1, n + m, n + m);
  return {statistic, pValue: survival(statistic / Math.sqrt(widening))};
}

/** A² with midranks (Scholz and Stephens, equation 7); its expectation is 1. */
function midrankStatistic(groups: TieGroups): number {
  const {referenceTotal: n, currentTotal: m} = groups;
  const total = n + m;
  let below = 0;
  let referenceBelow = 0;
  let sum = 0;
  for (let group = 0; group < groups.groups; group++) {
    const rows = groups.reference[group]! + groups.current[group]!;
    const middle = below + rows / 2;
    const excess = total * (referenceBelow + groups.reference[group]! / 2) - middle * n;
    sum += (rows * excess * excess) / (middle * (total - middle) - (total * rows) / 4);
    below += rows;
    referenceBelow += groups.reference[group]!;
  }
  // Both samples miss their expectation by the same number of rows.
  return (((total - 1) / total) * sum * (1 / n + 1 / m)) / total;
}

/** The variance of A² without ties (Scholz and Stephens, equation 4, for two samples). */
function finiteVariance(n: number, m: number): number {
  const total = n + m;
  const sizes = 1 / n + 1 / m;
  let harmonic = 0; // Σ 1/i from total - 1 down
  let nested = 0;
  for (let i = total - 1; i > 1; i--) {
    harmonic += 1 / i;
    nested += harmonic / (total + 1 - i);
  }
  const h = harmonic + 1;
  const g = nested;
  const a = 4 * g - 6 + (10 - 6 * g) * sizes;
  const b = 12 * g + 8 * h - 22 + (2 * g - 14 * h - 4) * sizes;
  const c = 36 * h + 4 + (2 * h - 6) * sizes;
  const d = 24;
  return (((a * total + b) * total + c) * total + d) / ((total - 1) * (total - 2) * (total - 3));
}

/**
 * The variance of Σ weight · M² / Var M over groups of tied rows, M the mean of a Brownian bridge at both
 * ends of the group: Cov(M(g), M(h)) = g (1 - h) for the middles g < h of two groups.
 */
function varianceUnderTies(rows: (group: number) => number, groups: number, total: number): number {
  let below = 0;
  let before = 0; // Σ weight × middle² / Var M of the earlier groups
  let variance = 0;
  for (let group = 0; group < groups; group++) {
    const weight = rows(group) / total;
    const middle = below / total + weight / 2;
    const own = middle * (1 - middle) - weight / 4;
    variance += 2 * weight * (weight + (2 * before * (1 - middle) ** 2) / own);
    before += (weight * middle ** 2) / own;
    below += rows(group);
  }
  return variance;
}

// Standardised values that are passed with chance 0.25 and 0.001 (Scholz and Stephens, table 2, m = 1).
const interpolatedFrom = 0.325;
const interpolatedTo = 6.546;
const limitDeviation = Math.sqrt((2 * Math.PI ** 2) / 3 - 6);

function survival(statistic: number): number {
  if (statistic < interpolatedFrom)
    return 1 - (1 - limit(statistic)) * ((1 - interpolated(interpolatedFrom)) / (1 - limit(interpolatedFrom)));
  if (statistic > interpolatedTo) return limit(statistic) * (interpolated(interpolatedTo) / limit(interpolatedTo));
  return interpolated(statistic);
}

const limit = (statistic: number): number => andersonDarlingSurvival(1 + limitDeviation * statistic);

/** The quadratic least-squares fit of ln p over the seven columns of that table. */
const interpolated = (statistic: number): number =>
  Math.exp((0.018198094574111343 * statistic - 1.0082265644652515) * statistic - 1.077770279820486);
