import type {Random} from '../../math/index.ts';
import {domainFolds} from './domain-folds.ts';

export type DomainProbabilities = {readonly reference: Float64Array; readonly current: Float64Array};

/**
 * For each row the probability that it belongs to the current window, told by classifiers that have not seen it
 * (three folds, dealt at random; gradient-boosted trees on a worker thread). Columns stand in the same order on both
 * sides; categories are codes from 0 to 65,535; NaN is missing. Where nothing can be learned, because there is no
 * column or a side has fewer than two rows, every row has the window's share of all rows.
 *
 * The share of the window is in the probabilities: `p / (1 − p) × reference rows / current rows` is the density ratio
 * of current to reference that importance weights are made of (Bickel, Brückner and Scheffer, 2007).
 */
export async function domainProbabilities(
  reference: readonly Float64Array[],
  current: readonly Float64Array[],
  categorical: readonly boolean[],
  random: Random,
): Promise<DomainProbabilities> {
  const before = reference[0]?.length ?? 0;
  const now = current[0]?.length ?? 0;
  const all = new Float64Array(before + now).fill(now / (before + now));
  for (const {predictor, rows, matrix} of await domainFolds({reference, current, categorical}, random)) {
    const predicted = predictor.predictBatch(matrix);
    for (let i = 0; i < rows.length; i++) all[rows[i]!] = predicted[i]!;
  }
  return {reference: all.slice(0, before), current: all.slice(before)};
}
