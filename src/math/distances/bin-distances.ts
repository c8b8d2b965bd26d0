/** Distances between two binned distributions, from 0 (the same) to 1 (no bin in common). NaN if a side has no rows. */

import {pairCounts} from './count-pair.ts';

/** Total variation distance: the share of rows that would have to change their bin. */
export function totalVariation(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const pair = pairCounts(reference, current);
  if (pair.referenceTotal === 0 || pair.currentTotal === 0) return Number.NaN;
  let sum = 0;
  for (let bin = 0; bin < pair.reference.length; bin++)
    sum += Math.abs(pair.reference[bin]! / pair.referenceTotal - pair.current[bin]! / pair.currentTotal);
  return sum / 2;
}

/** Hellinger distance, √(1 - Σ √(rc)): a metric (Hellinger, 1909). */
export function hellinger(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const pair = pairCounts(reference, current);
  if (pair.referenceTotal === 0 || pair.currentTotal === 0) return Number.NaN;
  let squares = 0;
  for (let bin = 0; bin < pair.reference.length; bin++) {
    const r = Math.sqrt(pair.reference[bin]! / pair.referenceTotal);
    const c = Math.sqrt(pair.current[bin]! / pair.currentTotal);
    squares += (r - c) ** 2; // equal shares give exactly 0, which 1 - Σ √(rc) does not
  }
  return Math.min(1, Math.sqrt(squares / 2));
}

/** L-infinity distance: the largest difference of a bin's shares, and so of one category. */
export function lInfinity(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const pair = pairCounts(reference, current);
  if (pair.referenceTotal === 0 || pair.currentTotal === 0) return Number.NaN;
  let largest = 0;
  for (let bin = 0; bin < pair.reference.length; bin++) {
    const difference = pair.reference[bin]! / pair.referenceTotal - pair.current[bin]! / pair.currentTotal;
    largest = Math.max(largest, Math.abs(difference));
  }
  return largest;
}
