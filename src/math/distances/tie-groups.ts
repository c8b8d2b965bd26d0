/**
 * Two samples put in one order: what every rank-based test and distance starts from. Raw values and
 * counts over ordered bins become the same thing, so each test is written once.
 */

import {sortedValues} from '../histogram/quantile.ts';
import {pairCounts} from './count-pair.ts';

/** The distinct values of both samples together, ascending, and how often each sample has them. */
export type TieGroups = {
  /** One value a group; for bins, the bin's place among the bins that have rows. */
  readonly values: ArrayLike<number>;
  readonly reference: ArrayLike<number>;
  readonly current: ArrayLike<number>;
  readonly groups: number;
  readonly referenceTotal: number;
  readonly currentTotal: number;
};

/** Merges two samples in any order; those that ascend already are not sorted again. NaN is left out. */
export function tieGroups(reference: ArrayLike<number>, current: ArrayLike<number>): TieGroups {
  const a = ascending(reference);
  const b = ascending(current);
  const most = a.length + b.length;
  const values = new Float64Array(most);
  const inReference = new Uint32Array(most);
  const inCurrent = new Uint32Array(most);
  let groups = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const value = j === b.length || (i < a.length && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    const firstI = i;
    const firstJ = j;
    while (i < a.length && a[i]! === value) i++;
    while (j < b.length && b[j]! === value) j++;
    values[groups] = value;
    inReference[groups] = i - firstI;
    inCurrent[groups++] = j - firstJ;
  }
  return {
    values,
    reference: inReference,
    current: inCurrent,
    groups,
    referenceTotal: a.length,
    currentTotal: b.length,
  };
}

/** Counts over the same ordered bins as groups: the rows of a bin are tied. */
export function tieGroupsOfBins(reference: ArrayLike<number>, current: ArrayLike<number>): TieGroups {
  const pair = pairCounts(reference, current);
  return {...pair, values: Float64Array.from(pair.reference.keys()), groups: pair.reference.length};
}

/** The values ascending and without NaN: the given array itself when it is so already. */
export function ascending(values: ArrayLike<number>): ArrayLike<number> {
  for (let i = 1; i < values.length; i++) if (!(values[i - 1]! <= values[i]!)) return sortedValues(values);
  return values.length === 1 && Number.isNaN(values[0]) ? [] : values;
}
