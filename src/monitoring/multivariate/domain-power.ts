/** What chance does to the AUC of a domain classifier, and how many rows tell a shift that matters from it. */

import {normalCdf, normalQuantile} from '../../math/index.ts';
import {fewestRows} from '../drift/fewest-rows.ts';

export type Sides = {readonly reference: number; readonly current: number};

/** Squared size of a shift that must be found, in units of that which lies at the gate: as for single features. */
const MATTERS = 2.5;
const POWER = 0.8;
const MOST_ROWS = 2 ** 20;
/** Share of the rows that a classifier of three folds learns from. */
const LEARNED = 2 / 3;
/** Features of a linear rule that trees are worth which look for the one that moved, by the root of how many there are. */
const TREE_COST = 18;

/**
 * Standard deviation of the mean out-of-fold AUC where nothing moved. That of Mann and Whitney's U, times √2: a pair of
 * rows counts twice, once with each as the teacher of the other, so that folds are not independent. Simulated: 1.0 to
 * 1.45 times U's, for 2 to 5 folds.
 */
export function nullDeviation({reference, current}: Sides): number {
  return Math.sqrt((2 * (reference + current + 1)) / (12 * reference * current));
}

/** One-sided chance of an AUC as large where nothing moved. */
export function aucChance(auc: number, sides: Sides): number {
  return normalCdf((0.5 - auc) / nullDeviation(sides));
}

/**
 * The fewest rows of a window with which a shift of 2.5 times the squared size of one at the gate `auc` passes both
 * gates four times of five; null if the reference is too small for any.
 *
 * What a classifier reaches of the AUC Φ(δ/√2) of a shift of δ standard deviations is Φ(δ² / √(2 (δ² + p (1/n + 1/m))))
 * for a linear rule of p features (Fukunaga and Hayes, "Effects of sample size in classifier design", 1989); p for the
 * trees here is fitted to simulated shifts of one feature among 3 to 40.
 */
export function neededRows(auc: number, alpha: number, features: number, reference: number): number | null {
  const squared = MATTERS * 2 * normalQuantile(auc) ** 2;
  const isEnough = (current: number): boolean => {
    const noise = (TREE_COST * Math.sqrt(features) * (1 / reference + 1 / current)) / LEARNED;
    const reached = normalCdf(squared / Math.sqrt(2 * (squared + noise)));
    const deviation = nullDeviation({reference, current});
    const gate = Math.max(auc, 0.5 - normalQuantile(alpha) * deviation);
    return normalCdf((reached - gate) / deviation) >= POWER;
  };
  return fewestRows(isEnough, MOST_ROWS);
}
