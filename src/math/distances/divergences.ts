/** Divergences between two binned distributions, in information lost. NaN if a side has no rows. */

import {pairCounts} from './count-pair.ts';

export type LogarithmBase = 2 | 'e';

/** Kullback-Leibler divergence of current from reference, Σ c log(c / r): infinite where current has a bin that reference lacks. */
export function kullbackLeibler(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  base: LogarithmBase = 'e',
): number {
  const pair = pairCounts(reference, current);
  if (pair.referenceTotal === 0 || pair.currentTotal === 0) return Number.NaN;
  let sum = 0;
  for (let bin = 0; bin < pair.reference.length; bin++) {
    const r = pair.reference[bin]! / pair.referenceTotal;
    const c = pair.current[bin]! / pair.currentTotal;
    if (c > 0) sum += c * Math.log(c / r);
  }
  return Math.max(0, sum) / unit(base);
}

/**
 * Jensen-Shannon divergence (Lin, 1991): the mean divergence of both sides from their mean. Symmetric
 * and finite, from 0 to 1 in base 2 and to ln 2 in base e.
 */
export function jensenShannonDivergence(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  base: LogarithmBase = 2,
): number {
  const pair = pairCounts(reference, current);
  if (pair.referenceTotal === 0 || pair.currentTotal === 0) return Number.NaN;
  let sum = 0;
  for (let bin = 0; bin < pair.reference.length; bin++) {
    const r = pair.reference[bin]! / pair.referenceTotal;
    const c = pair.current[bin]! / pair.currentTotal;
    if (r > 0) sum += r * Math.log((2 * r) / (r + c));
    if (c > 0) sum += c * Math.log((2 * c) / (r + c));
  }
  return Math.min(Math.LN2, Math.max(0, sum / 2)) / unit(base);
}

/**
 * Jensen-Shannon distance: the root of the divergence, a metric. Base 2 (0 to 1) is what NannyML reports,
 * base e what Evidently does.
 */
export function jensenShannonDistance(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  base: LogarithmBase = 2,
): number {
  return Math.sqrt(jensenShannonDivergence(reference, current, base));
}

const unit = (base: LogarithmBase): number => (base === 2 ? Math.LN2 : 1);
