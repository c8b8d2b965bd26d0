/** Distances between two binned distributions, from 0 (the same) to 1 (no bin in common). NaN if a side has no rows. */

import {pairCounts} from './counts.ts';

/** Jensen-Shannon distance in base 2: the root of the divergence (Lin, 1991), a metric. */
export function jensenShannon(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const pair = pairCounts(reference, current);
  if (pair.referenceTotal === 0 || pair.currentTotal === 0) return Number.NaN;
  let divergence = 0;
  for (let bin = 0; bin < pair.reference.length; bin++) {
    const r = pair.reference[bin]! / pair.referenceTotal;
    const c = pair.current[bin]! / pair.currentTotal;
    if (r > 0) divergence += r * Math.log2((2 * r) / (r + c));
    if (c > 0) divergence += c * Math.log2((2 * c) / (r + c));
  }
  return Math.sqrt(Math.min(1, Math.max(0, divergence / 2)));
}

/** Total variation distance: the share of rows that would have to change their bin. */
export function totalVariation(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const pair = pairCounts(reference, current);
  if (pair.referenceTotal === 0 || pair.currentTotal === 0) return Number.NaN;
  let sum = 0;
  for (let bin = 0; bin < pair.reference.length; bin++)
    sum += Math.abs(pair.reference[bin]! / pair.referenceTotal - pair.current[bin]! / pair.currentTotal);
  return sum / 2;
}
