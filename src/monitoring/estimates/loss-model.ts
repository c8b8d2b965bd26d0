/**
 * Performance of a regression before labels come: a model of the loss of each prediction from its inputs and the
 * prediction itself (direct loss estimation, DLE, as NannyML publishes it).
 */

import {normalQuantile} from '../../math/index.ts';
import {loadModel, type Matrix} from '../../models/index.ts';
import type {Estimate} from '../../protocol/index.ts';
import {gradientBoostedTrees, trainModel} from '../../training/index.ts';
import type {ReferenceRows, RowSample} from '../windows/row-sample.ts';

export type LossKind = 'absolute' | 'squared';

export type LossModel = {
  readonly loss: LossKind;
  /** Artifact of the regression trees that predict the loss of a row. */
  readonly trees: Uint8Array;
  /** Mean squared error of a predicted loss, on rows held out. */
  readonly variance: number;
  /** Rows of the reference. */
  readonly rows: number;
};

export type LossModelOptions = {readonly seed: number; readonly threads?: number; readonly signal?: AbortSignal};

/** NannyML's regressor is LightGBM with its defaults; these are the same ones. */
const TREES = gradientBoostedTrees({
  loss: 'squaredLoss',
  trees: 100,
  leaves: 31,
  learningRate: 0.1,
  growth: 'leaf',
  l2: 0,
  minRowsInLeaf: 20,
  earlyStoppingRounds: 0,
});
/** Every so many rows one is held out to see how far predicted losses are off. */
const HOLD_OUT = 5;
const Z = normalQuantile(0.975);

/**
 * Learns losses from the rows of a test split, on worker threads, twice: without a fifth of them, which then tell how
 * sure it is, and with all. Throws TRAINING_FAILED for rows that cannot be learned from.
 */
export async function fitLossModel(
  reference: ReferenceRows,
  loss: LossKind,
  {seed, threads = 1, signal}: LossModelOptions,
): Promise<LossModel> {
  const labels = reference.labels.map((y, i) => {
    const error = y - reference.scores[i]!;
    return loss === 'absolute' ? Math.abs(error) : error * error;
  });
  const matrix = matrixOf(reference);
  const train = async (chosen: (i: number) => boolean) => {
    const set = {matrix: pick(matrix, chosen), labels: labels.filter((_, i) => chosen(i))};
    return trainModel(TREES, {train: set, seed, threads, signal});
  };
  const isHeld = (i: number): boolean => i % HOLD_OUT === HOLD_OUT - 1;
  const partial = await train(i => !isHeld(i));
  const held = labels.filter((_, i) => isHeld(i));
  const predicted = partial.predictor.predictBatch(pick(matrix, isHeld));
  const squares = held.reduce((sum, y, i) => sum + (y - Math.max(0, predicted[i]!)) ** 2, 0);
  const {bytes} = await train(() => true);
  return {loss, trees: bytes, variance: squares / held.length, rows: reference.rows};
}

/**
 * The mean loss that the labels of these rows will show, with its 95 % interval: `mae` for the absolute loss;
 * `mse` and its root, `rmse`, for the squared one. Nothing without rows.
 */
export function estimateLoss(
  {loss, trees, variance, rows}: LossModel,
  sample: Omit<RowSample, 'of'> & {readonly of?: number},
): {readonly [metric: string]: Estimate} {
  const count = sample.rows;
  if (count === 0) return {};
  const losses = loadModel(trees).predictBatch(matrixOf(sample));
  let sum = 0;
  let squares = 0;
  for (const predicted of losses) {
    const own = Math.max(0, predicted);
    sum += own;
    squares += own * own;
  }
  const value = sum / count;
  const share = Math.min(1, count / (sample.of ?? count));
  const ofSample = Math.max(0, squares / count - value ** 2) / count;
  const reach = Z * Math.sqrt((share * variance) / count + (1 - share) * ofSample + variance / rows);
  const mean: Estimate = {value, low: Math.max(0, value - reach), high: value + reach};
  if (loss === 'absolute') return {mae: mean};
  const root = (estimate: Estimate): Estimate => ({
    value: Math.sqrt(estimate.value),
    low: Math.sqrt(estimate.low),
    high: Math.sqrt(estimate.high),
  });
  return {mse: mean, rmse: root(mean)};
}

/** The inputs and, as one more of them, the prediction. */
function matrixOf({rows, names, columns, categorical, scores}: Omit<RowSample, 'of'>): Matrix {
  return {
    rows,
    names: [...names, 'prediction'],
    kinds: [...categorical.map(is => (is ? ('categorical' as const) : ('numeric' as const))), 'numeric'],
    columns: [...columns, scores],
  };
}

function pick(matrix: Matrix, chosen: (i: number) => boolean): Matrix {
  const columns = matrix.columns.map(column => column.filter((_, i) => chosen(i)));
  return {...matrix, rows: columns[0]!.length, columns};
}
