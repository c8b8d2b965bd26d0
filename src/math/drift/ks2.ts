import {kolmogorovSurvival} from '../distributions/kolmogorov.ts';
import {sortedValues} from '../histogram/quantile.ts';

export type KolmogorovSmirnov = {
  /** The largest distance between the two empirical distribution functions, 0 to 1. */
  readonly statistic: number;
  /** From the limit distribution: a little too large for small samples, and for values with ties. */
  readonly pValue: number;
};

/** The two-sample Kolmogorov-Smirnov test of raw values, NaN left out; NaN if a side has no values. */
export function ks2(reference: ArrayLike<number>, current: ArrayLike<number>): KolmogorovSmirnov {
  const a = sortedValues(reference);
  const b = sortedValues(current);
  if (a.length === 0 || b.length === 0) return {statistic: Number.NaN, pValue: Number.NaN};
  let statistic = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! <= value) i++;
    while (j < b.length && b[j]! <= value) j++;
    statistic = Math.max(statistic, Math.abs(i / a.length - j / b.length));
  }
  const size = (a.length * b.length) / (a.length + b.length);
  return {statistic, pValue: kolmogorovSurvival(Math.sqrt(size) * statistic)};
}
