/** The two-sample Kolmogorov-Smirnov test (Smirnov, 1939): does any part of the distribution differ? */

import {type TieGroups, tieGroups, tieGroupsOfBins} from '../distances/tie-groups.ts';
import {kolmogorovFiniteSurvival} from '../distributions/kolmogorov-finite.ts';
import type {TwoSampleTest} from './two-sample.ts';

export type KolmogorovSmirnovMethod = 'auto' | 'exact' | 'asymptotic';

const largestExact = 10_000;
const mostLatticePoints = 1e7;

/**
 * The test of raw values, as `scipy.stats.ks_2samp`: the statistic is the largest distance between the
 * two empirical distribution functions, 0 to 1. Ties make p too large, never too small. NaN if a side
 * has no values.
 *
 * `exact` counts lattice paths: time grows with the size if both samples have the same, else with
 * statistic × product of the sizes (0.6 s for 10,000 far from 9,999). `asymptotic` is the one-sample law
 * at the effective size nm / (n + m). `auto` is exact while both sides have at most 10,000 values, as in
 * SciPy, but never for more than some 50 ms: what it then leaves to `asymptotic` is below 1e-10.
 */
export function kolmogorovSmirnov(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  method: KolmogorovSmirnovMethod = 'auto',
): TwoSampleTest {
  const groups = tieGroups(reference, current);
  const {referenceTotal: n, currentTotal: m} = groups;
  if (n === 0 || m === 0) return {statistic: Number.NaN, pValue: Number.NaN};
  const divisor = greatestCommonDivisor(n, m);
  const steps = largestGap(groups) / divisor;
  const statistic = (steps / n / m) * divisor;
  const quick = n === m || 2 * statistic * n * m <= mostLatticePoints;
  const exact = method === 'exact' || (method === 'auto' && Math.max(n, m) <= largestExact && quick);
  if (!exact) return {statistic, pValue: asymptotic(n, m, statistic)};
  return {statistic, pValue: n === m ? exactOfEqual(n, steps) : exactOfUnequal(n, m, steps)};
}

/**
 * The same statistic of counts over ordered bins. Its p is asymptotic and too large, because all rows of
 * a bin are tied: with few bins `chiSquareTest` and `rankSumOfBins` see more.
 */
export function kolmogorovSmirnovOfBins(reference: ArrayLike<number>, current: ArrayLike<number>): TwoSampleTest {
  const groups = tieGroupsOfBins(reference, current);
  const {referenceTotal: n, currentTotal: m} = groups;
  if (n === 0 || m === 0) return {statistic: Number.NaN, pValue: Number.NaN};
  const statistic = largestGap(groups) / n / m;
  return {statistic, pValue: asymptotic(n, m, statistic)};
}

/** The largest |F - G| in units of 1 / nm: whole numbers, so that no rounding moves a p-value. */
function largestGap(groups: TieGroups): number {
  let below = 0;
  let largest = 0;
  for (let group = 0; group < groups.groups; group++) {
    below += groups.reference[group]! * groups.currentTotal - groups.current[group]! * groups.referenceTotal;
    largest = Math.max(largest, Math.abs(below));
  }
  return largest;
}

function asymptotic(n: number, m: number, statistic: number): number {
  return kolmogorovFiniteSurvival(Math.max(1, roundHalfEven((n * m) / (n + m))), statistic);
}

/**
 * P(nD >= steps) for two samples of n: 2 Σ (-1)^(k-1) C(2n, n - k·steps) / C(2n, n) by reflection
 * (Gnedenko and Korolyuk, 1951), nested so that neighbouring terms share their factors.
 */
function exactOfEqual(n: number, steps: number): number {
  if (steps === 0) return 1;
  let nested = 0;
  for (let k = Math.floor(n / steps); k >= 1; k--) {
    let ratio = 1; // C(2n, n - k·steps) / C(2n, n - (k-1)·steps)
    for (let s = (k - 1) * steps; s < k * steps; s++) ratio *= (n - s) / (n + s + 1);
    nested = ratio * (1 - nested);
  }
  return Math.min(1, 2 * nested);
}

/**
 * P(D >= observed) for unequal sizes: of all lattice paths from (0, 0) to (n, m), all as likely, the
 * share that ever leaves the band |i/n - j/m| < D (Hodges, 1957). Going forward, the share of the paths
 * to (i, j) that have left is the mean over their last step, so nothing cancels (Viehmann, 2021).
 */
function exactOfUnequal(n: number, m: number, steps: number): number {
  if (steps === 0) return 1;
  const divisor = greatestCommonDivisor(n, m);
  const right = m / divisor;
  const up = n / divisor;
  const left = new Float64Array(m + 1).fill(1); // of column i; outside the band every path has left it
  let firstInside = 0;
  for (let i = 0; i <= n; i++) {
    const first = Math.max(0, Math.floor((i * right - steps) / up) + 1);
    const last = Math.min(m, Math.ceil((i * right + steps) / up) - 1);
    left.fill(1, firstInside, first);
    firstInside = first;
    let below = first === 0 ? 0 : 1;
    for (let j = first; j <= last; j++) {
      below = i === 0 ? 0 : (i * left[j]! + j * below) / (i + j);
      left[j] = below;
    }
  }
  return left[m]!;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  return x - floor === 0.5 && floor % 2 === 0 ? floor : Math.round(x);
}
