/** The given of every drift measure on binned data: two counts a bin, over the same bins. */

export type CountPair = {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly referenceTotal: number;
  readonly currentTotal: number;
};

/** Checks both sides and leaves out the bins that are empty on both: they say nothing of either. */
export function pairCounts(reference: ArrayLike<number>, current: ArrayLike<number>): CountPair {
  if (reference.length !== current.length)
    throw new RangeError(`both sides must have the same bins, got ${reference.length} and ${current.length}`);
  const pair = {reference: [] as number[], current: [] as number[], referenceTotal: 0, currentTotal: 0};
  for (let bin = 0; bin < reference.length; bin++) {
    const r = reference[bin]!;
    const c = current[bin]!;
    if (!(r >= 0 && c >= 0)) throw new RangeError(`a count must be 0 or more, got ${r} and ${c} in bin ${bin}`);
    if (r + c === 0) continue;
    pair.reference.push(r);
    pair.current.push(c);
    pair.referenceTotal += r;
    pair.currentTotal += c;
  }
  return pair;
}
