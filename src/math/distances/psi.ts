import {pairCounts} from './count-pair.ts';

export type Psi = {
  /** The index as usually reported; NaN if a side has no rows. */
  readonly psi: number;
  /** What is left after subtracting the value expected of two samples of one distribution; at least 0. */
  readonly debiased: number;
};

/**
 * Population stability index of binned counts, Σ (c - r) ln(c / r) over the bins' shares (Lewis, 1994;
 * the same as Jeffreys divergence). Half a row is added to every bin that either side has, so that
 * an empty one gives a finite, sample-size-aware term.
 *
 * Without drift its expected value is about (B - 1)(1/n_r + 1/n_c) for B bins (Yurdakul and Naranjo,
 * 2020), which passes the usual limit of 0.1 on small windows: compare `debiased` with a limit, and
 * take significance from `chiSquareTest`.
 */
export function psi(reference: ArrayLike<number>, current: ArrayLike<number>): Psi {
  const pair = pairCounts(reference, current);
  if (pair.referenceTotal === 0 || pair.currentTotal === 0) return {psi: Number.NaN, debiased: Number.NaN};
  const bins = pair.reference.length;
  let index = 0;
  for (let bin = 0; bin < bins; bin++) {
    const r = (pair.reference[bin]! + 0.5) / (pair.referenceTotal + bins / 2);
    const c = (pair.current[bin]! + 0.5) / (pair.currentTotal + bins / 2);
    index += (c - r) * Math.log(c / r);
  }
  const expected = (bins - 1) * (1 / pair.referenceTotal + 1 / pair.currentTotal);
  return {psi: index, debiased: Math.max(0, index - expected)};
}
