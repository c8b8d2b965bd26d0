/** What gave the window away: features without whose values its rows could not be told so well. */

import {type Random, rocAuc, shuffle} from '../../math/index.ts';
import type {DomainFold} from './domain-folds.ts';

/** Features that are tried, those with the largest gain: the rest cannot matter more. */
const TRIED = 10;
/** Smaller shares are chance, and no reader's business. */
const LEAST = 0.05;

/**
 * Shares of the loss in out-of-fold AUC when a feature's values are shuffled between rows (Breiman, "Random forests",
 * 2001), largest first, summing to 1; empty if no feature alone matters. Two columns that say the same share the loss.
 */
export async function tellingFeatures(
  folds: readonly DomainFold[],
  names: readonly string[],
  random: Random,
): Promise<{feature: string; share: number}[]> {
  const gains = names.map((_, f) =>
    folds.reduce((sum, {predictor}) => sum + predictor.importance().find(({name}) => name === `${f}`)!.share, 0),
  );
  const tried = [...gains.keys()]
    .filter(f => gains[f]! > 0)
    .sort((a, b) => gains[b]! - gains[a]!)
    .slice(0, TRIED);
  const losses: {feature: string; loss: number}[] = [];
  for (const f of tried) {
    losses.push({feature: names[f]!, loss: folds.reduce((sum, fold) => sum + lossWithout(fold, f, random), 0)});
    await new Promise(resolve => setImmediate(resolve));
  }
  const total = losses.reduce((sum, {loss}) => sum + Math.max(0, loss), 0);
  const kept = losses.filter(({loss}) => loss > LEAST * total).sort((a, b) => b.loss - a.loss);
  const sum = kept.reduce((all, {loss}) => all + loss, 0);
  return kept.map(({feature, loss}) => ({feature, share: loss / sum}));
}

function lossWithout({predictor, matrix, labels}: DomainFold, f: number, random: Random): number {
  const columns = matrix.columns.map((column, i) => (i === f ? shuffle(column.slice(), random) : column));
  const told = rocAuc(predictor.predictBatch(matrix), labels);
  return told - rocAuc(predictor.predictBatch({...matrix, columns}), labels);
}
