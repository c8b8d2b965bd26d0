import {normalTwoSided} from '../distributions/normal.ts';

export type ProportionTest = {
  /** Second share minus first. */
  readonly difference: number;
  readonly z: number;
  /** Two-sided. */
  readonly pValue: number;
};

/**
 * The two-proportion z test with pooled variance: `successesA` of `countA` against `successesB` of
 * `countB`. Shares that are both 0 or both 1 do not differ: z is 0. NaN if a side has no rows.
 */
export function twoProportionTest(
  successesA: number,
  countA: number,
  successesB: number,
  countB: number,
): ProportionTest {
  const difference = successesB / countB - successesA / countA;
  const pooled = (successesA + successesB) / (countA + countB);
  const standardError = Math.sqrt(pooled * (1 - pooled) * (1 / countA + 1 / countB));
  const z = difference === 0 ? 0 : difference / standardError;
  return {difference, z, pValue: normalTwoSided(z)};
}
