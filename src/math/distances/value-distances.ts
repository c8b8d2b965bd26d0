/** Distances between two samples of numbers, in the unit of the values. NaN is left out; NaN if a side has no values. */

import {summarize} from '../summary.ts';
import {type TieGroups, tieGroups} from './tie-groups.ts';

/** Wasserstein-1, or earth mover's, distance, ∫ |F - G|: how far a value has to move on average. */
export function wasserstein(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  return integral(tieGroups(reference, current), Math.abs);
}

/**
 * Wasserstein-1 distance in standard deviations of the reference (divided by n), so that features compare.
 * Infinite when a constant reference starts to move.
 */
export function normalisedWasserstein(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const distance = wasserstein(reference, current);
  const {m2, count} = summarize(reference);
  return distance === 0 ? 0 : distance / Math.sqrt(m2 / count);
}

/** Energy distance, √(2 ∫ (F - G)²) (Székely, 2003): as `scipy.stats.energy_distance`. */
export function energyDistance(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  return Math.sqrt(2 * integral(tieGroups(reference, current), gap => gap * gap));
}

/** ∫ of a function of F - G over all values, between which it is constant. */
function integral(groups: TieGroups, ofGap: (gap: number) => number): number {
  const {referenceTotal: n, currentTotal: m} = groups;
  if (n === 0 || m === 0) return Number.NaN;
  let below = 0; // F - G in units of 1 / nm
  let sum = 0;
  for (let group = 0; group < groups.groups - 1; group++) {
    below += groups.reference[group]! * m - groups.current[group]! * n;
    if (below !== 0) sum += ofGap(below / n / m) * (groups.values[group + 1]! - groups.values[group]!);
  }
  return sum;
}
