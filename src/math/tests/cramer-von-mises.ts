/** The two-sample Cramér-von Mises test: the squared distance of two distributions, over all values. */

import {type TieGroups, tieGroups, tieGroupsOfBins} from '../distances/tie-groups.ts';
import {cramerVonMisesSurvival} from '../distributions/chi-square-series.ts';
import {exactSurvival} from './cramer-von-mises-exact.ts';
import type {TwoSampleTest} from './two-sample.ts';

const largestExact = 20;

/**
 * The test of raw values: the statistic is nm / (n + m) times the mean of (F - G)² over all rows
 * (Anderson, 1962). p is exact while both sides have at most 20 values and none is tied, else the
 * limit law at the statistic standardised by its expectation and variance. NaN with fewer than two
 * values on a side.
 *
 * Without ties it equals `scipy.stats.cramervonmises_2samp`. With ties it does not, for the ranks that
 * are used there count the rows within a tie as distance (ten equal bins of 3,000 and 800 rows of one
 * distribution get p = 4e-11): here a tied row has the mean of (F - G)² below and above it, and
 * expectation and variance are those under the ties.
 */
export function cramerVonMises(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  method: 'auto' | 'exact' | 'asymptotic' = 'auto',
): TwoSampleTest {
  const groups = tieGroups(reference, current);
  const {referenceTotal: n, currentTotal: m} = groups;
  const small = Math.max(n, m) <= largestExact && groups.groups === n + m;
  if (n > 1 && m > 1 && (method === 'exact' || (method === 'auto' && small)))
    return {statistic: statisticOf(groups), pValue: exactSurvival(squaredGaps(groups), n, m)};
  return asymptotic(groups);
}

/** The same test of counts over ordered bins, all rows of a bin tied. */
export function cramerVonMisesOfBins(reference: ArrayLike<number>, current: ArrayLike<number>): TwoSampleTest {
  return asymptotic(tieGroupsOfBins(reference, current));
}

function asymptotic(groups: TieGroups): TwoSampleTest {
  if (groups.referenceTotal < 2 || groups.currentTotal < 2) return {statistic: Number.NaN, pValue: Number.NaN};
  if (groups.groups < 2) return {statistic: 0, pValue: 1};
  const statistic = statisticOf(groups);
  const {expected, variance} = moments(groups);
  return {statistic, pValue: cramerVonMisesSurvival(1 / 6 + (statistic - expected) / Math.sqrt(45 * variance))};
}

function statisticOf(groups: TieGroups): number {
  const {referenceTotal: n, currentTotal: m} = groups;
  return squaredGaps(groups) / (n * m) / (n + m) ** 2;
}

/** Σ (nm (F - G))² over all rows; a row among ties has the mean of the values before and after them. */
function squaredGaps(groups: TieGroups): number {
  let below = 0;
  let sum = 0;
  for (let group = 0; group < groups.groups; group++) {
    const r = groups.reference[group]!;
    const c = groups.current[group]!;
    const above = below + r * groups.currentTotal - c * groups.referenceTotal;
    sum += ((r + c) * (below * below + above * above)) / 2;
    below = above;
  }
  return sum;
}

/**
 * Expectation and variance if both samples have one distribution: without ties as Anderson (1962,
 * equations 11 and 14). Ties change them as they do for a Brownian bridge B read at the ends of the
 * groups only, where E B² = h(1 - h) and Cov(B²(g), B²(h)) = 2 (g (1 - h))², g <= h.
 */
function moments(groups: TieGroups): {expected: number; variance: number} {
  const {referenceTotal: n, currentTotal: m} = groups;
  const total = n + m;
  const pairs = n * m;
  let ended = 0; // rows up to the end of the group
  let mean = 0;
  let covariances = 0;
  let before = 0; // Σ weight × place² of the earlier ends
  for (let group = 0; group < groups.groups - 1; group++) {
    const rows = groups.reference[group]! + groups.current[group]!;
    const next = groups.reference[group + 1]! + groups.current[group + 1]!;
    ended += rows;
    const place = ended / total;
    const weight = (rows + next) / 2 / total;
    mean += weight * place * (1 - place);
    covariances += 2 * weight * (1 - place) ** 2 * (2 * before + weight * place * place);
    before += weight * place * place;
  }
  const untied = ((total + 1) * (4 * pairs * total - 3 * (n * n + m * m) - 2 * pairs)) / (180 * total ** 2 * pairs);
  const untiedCovariances = (1 + (5 * total ** 2 - 7) / (2 * total ** 4)) / 45;
  return {expected: (mean * total) / (total - 1), variance: (untied * covariances) / untiedCovariances};
}
