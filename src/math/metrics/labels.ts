/** The given of every binary metric: one score and one 0/1 label a row. */

/** Checks that the two have the same length and labels are 0 or 1; returns how many are 1. */
export function countPositives(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  if (scores.length !== labels.length)
    throw new RangeError(`scores and labels must have the same length, got ${scores.length} and ${labels.length}`);
  let positives = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label !== 0 && label !== 1) throw new RangeError(`a label must be 0 or 1, got ${label} at index ${i}`);
    positives += label;
  }
  return positives;
}

/** The share of labels that are 1; NaN without rows. */
export function baseRate(labels: ArrayLike<number>): number {
  return countPositives(labels, labels) / labels.length;
}
