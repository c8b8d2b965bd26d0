/** The smallest forest that loses little on rows that it was not trained on. */
import type {ModelArrays} from '../../artifact.ts';
import {type Matrix, readRow} from '../../matrix.ts';
import type {ModelSpec} from '../../model-spec.ts';
import {sigmoid} from '../../predictor.ts';
import type {Forest} from '../../trees/forest.ts';
import {TreePredictor} from '../../trees/tree-predictor.ts';
import {leafOf, walkOf} from '../../trees/walk.ts';
import {leafCount, pruneForest} from './prune-forest.ts';

export type ValidationRows = {readonly matrix: Matrix; readonly labels: Float64Array};

/** How far leaves are searched for: one in so many of those there are. */
const RESOLUTION = 64;

/**
 * Drops trees from the end, then weakest links, as long as the mean validation loss (log loss, or half the squared error)
 * stays within `tolerance` of that of the whole forest; trees may use half of the tolerance. The number of leaves is
 * found by halving, in steps of one in 64 of the leaves.
 */
export function pruneByLoss(spec: ModelSpec, forest: Forest, rows: ValidationRows, tolerance: number): Forest {
  const losses = prefixLosses(spec, forest, rows);
  const whole = losses.at(-1)!;
  const trees = losses.findIndex(loss => loss <= whole + tolerance / 2);
  const fewer = pruneForest(forest, {trees});
  const all = leafCount(fewer);
  const prunedTo = (share: number) =>
    pruneForest(fewer, {leaves: Math.max(trees, Math.round(all * (share / RESOLUTION)))});
  let enough = RESOLUTION;
  let best = fewer;
  for (let low = 0; enough - low > 1; ) {
    const middle = (low + enough) >> 1;
    const candidate = prunedTo(middle);
    const arrays = candidate as unknown as ModelArrays;
    if (meanLoss(spec, new TreePredictor(spec, arrays).marginBatch(rows.matrix), rows.labels) <= whole + tolerance) {
      enough = middle;
      best = candidate;
    } else low = middle;
  }
  return best;
}

/** The mean validation loss of no tree, the first tree, the first two, … */
export function prefixLosses(spec: ModelSpec, forest: Forest, {matrix, labels}: ValidationRows): number[] {
  const walk = walkOf(forest);
  const width = spec.features.length;
  const values = new Float32Array(matrix.rows * width);
  for (let i = 0; i < matrix.rows; i++) values.set(readRow(matrix, i), i * width);
  const margins = new Float64Array(matrix.rows).fill(forest.base[0]!);
  const losses = [meanLoss(spec, margins, labels)];
  for (const root of forest.roots) {
    for (let i = 0; i < matrix.rows; i++) margins[i]! += forest.value[leafOf(walk, root, values, i * width)]!;
    losses.push(meanLoss(spec, margins, labels));
  }
  return losses;
}

function meanLoss({task}: ModelSpec, margins: Float64Array, labels: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < margins.length; i++) {
    const margin = margins[i]!;
    if (task === 'regression') sum += (margin - labels[i]!) ** 2 / 2;
    else sum -= Math.log(Math.max(1e-15, sigmoid(labels[i] === 1 ? margin : -margin)));
  }
  return sum / margins.length;
}
