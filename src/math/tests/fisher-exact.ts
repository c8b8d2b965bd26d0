import {logGamma} from '../distributions/gamma.ts';

/**
 * Fisher's exact test (1934) of two shares: two-sided p of `successesA` of `countA` against `successesB`
 * of `countB`, as `scipy.stats.fisher_exact`. For counts too small for `twoProportionTest`; time grows
 * with the number of successes.
 */
export function fisherExact(successesA: number, countA: number, successesB: number, countB: number): number {
  const successes = successesA + successesB;
  const logChance = (a: number): number => logBinomial(countA, a) + logBinomial(countB, successes - a);
  const observed = logChance(successesA);
  let asRare = 0;
  let all = 0;
  for (let a = Math.max(0, successes - countB); a <= Math.min(countA, successes); a++) {
    const ratio = Math.exp(logChance(a) - observed);
    all += ratio;
    if (ratio <= 1 + 1e-9) asRare += ratio; // tables of equal chance differ in their last digits
  }
  return asRare / all;
}

function logBinomial(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
