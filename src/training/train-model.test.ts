import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../math/index.ts';
import {loadModel, type Matrix, readRow, type TreePredictor} from '../models/index.ts';
import {checkOnnx} from '../models/onnxruntime/index.ts';
import {gradientBoostedTrees, logisticRegression} from './definition.ts';
import {trainModel} from './train-model.ts';
import type {TrainingSet} from './training-set.ts';

const CATEGORIES = 40;

/** An interaction, a curve, a value missing where it matters, and a category with a level of its own each. */
function problem(seed: number, rows: number, noise = 1): TrainingSet & {readonly margins: Float64Array} {
  const random = seededRandom(seed);
  const levels = Array.from({length: CATEGORIES}, (_, code) => 1.5 * Math.sin(12.9898 * (code + 1) * (code + 3)));
  const columns = Array.from({length: 5}, () => Float64Array.from({length: rows}, () => normal(random)));
  columns.push(Float64Array.from({length: rows}, () => Math.floor(random() * CATEGORIES)));
  const labels = new Float64Array(rows);
  const margins = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const [a, b, c, d] = columns.map(column => column[i]!) as [number, number, number, number];
    const hidden = random() < 0.2;
    if (hidden) columns[3]![i] = Number.NaN;
    const margin = a * b + Math.sin(2 * c) + (hidden ? 1.5 : 0.3 * d) + levels[columns[5]![i]!]! - 0.5;
    margins[i] = margin;
    labels[i] = random() < 1 / (1 + Math.exp(-margin / noise)) ? 1 : 0;
  }
  const kinds = ['numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'categorical'] as const;
  return {matrix: {rows, columns, names: kinds.map((_, f) => `f${f}`), kinds}, labels, margins};
}

/** Area under the ROC curve: the chance that a positive row scores above a negative one. */
function auc(scores: Float64Array, labels: Float64Array): number {
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]!);
  let ranks = 0;
  let positives = 0;
  order.forEach((row, rank) => {
    if (labels[row] === 1) {
      ranks += rank + 1;
      positives++;
    }
  });
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (labels.length - positives));
}

const score = (model: {predictor: {predictBatch(m: Matrix): Float64Array}}, set: TrainingSet) =>
  auc(model.predictor.predictBatch(set.matrix), set.labels);

const train = problem(1, 6_000);
const validation = problem(2, 2_000);
const small = gradientBoostedTrees({trees: 40, leaves: 15, earlyStoppingRounds: 0});

describe('boosted trees', () => {
  test('learn interactions, curves, missing values and categories', async () => {
    const seen: number[] = [];
    const model = await trainModel(small, {train, validation, seed: 1, onProgress: p => seen.push(p.trainLoss)});
    // No model can rank better than the probabilities that made the labels; chance ranks 0.5.
    const attainable = auc(validation.margins, validation.labels);
    expect(score(model, validation)).toBeGreaterThan(attainable - 0.06);
    expect(seen).toHaveLength(41);
    for (let k = 1; k < seen.length; k++) expect(seen[k]).toBeLessThan(seen[k - 1]!);
    const predictions = model.predictor.predictBatch(train.matrix);
    const loss = train.labels.reduce((sum, y, i) => sum - Math.log(y === 1 ? predictions[i]! : 1 - predictions[i]!), 0);
    expect(model.history.at(-1)!.trainLoss).toBeCloseTo(loss / train.matrix.rows, 8);
  });

  test('the model is the same to the byte for any number of threads, and differs with the seed of its samples', async () => {
    const sampled = gradientBoostedTrees({trees: 10, leaves: 15, rowShare: 0.6, columnShare: 0.5, growth: 'level'});
    const large = problem(3, 10_000); // more than one block of rows
    for (const [definition, many] of [
      [gradientBoostedTrees({trees: 10, leaves: 15}), 2],
      [sampled, 3],
    ] as const) {
      const [one, other] = await Promise.all(
        [1, many].map(threads => trainModel(definition, {train: large, validation, seed: 7, threads})),
      );
      expect(Buffer.compare(other!.bytes, one!.bytes)).toBe(0);
      expect(other!.history).toEqual(one!.history);
    }
    const other = await trainModel(sampled, {train: large, validation, seed: 8});
    const again = await trainModel(sampled, {train: large, validation, seed: 7});
    expect(Buffer.compare(other.bytes, again.bytes)).not.toBe(0);
  });

  test('ONNX Runtime and the artifact agree with the predictor, missing and unseen values included', async () => {
    const model = await trainModel(small, {train, seed: 1});
    const {columns} = validation.matrix;
    const odd = columns.map((c, f) =>
      c.map((x, i) => (i % 11 === f ? Number.NaN : f === 5 && i % 13 === 0 ? x + 30 : x)),
    );
    const matrix = {...validation.matrix, columns: odd};
    const expected = model.predictor.predictBatch(matrix);
    expect((await checkOnnx(model.onnx, matrix, expected)).maxDifference).toBeLessThan(1e-6);
    expect(loadModel(model.bytes).predictBatch(matrix)).toEqual(expected);
    expect(model.predictor.predictRow(readRow(matrix, 3))).toBe(expected[3]);
  });

  test('a category used as such beats its code used as a number', async () => {
    const few = gradientBoostedTrees({trees: 15, leaves: 8, earlyStoppingRounds: 0});
    const asNumber = ({matrix, ...rest}: TrainingSet): TrainingSet => ({
      ...rest,
      matrix: {...matrix, kinds: matrix.kinds.map(() => 'numeric')},
    });
    const [sets, ordinal] = await Promise.all([
      trainModel(few, {train, seed: 1}),
      trainModel(few, {train: asNumber(train), seed: 1}),
    ]);
    expect(score(sets, validation)).toBeGreaterThan(score(ordinal, asNumber(validation)) + 0.01);
  });

  test('early stopping keeps the trees up to the lowest validation loss', async () => {
    const noisy = problem(4, 1_000, 4);
    const definition = gradientBoostedTrees({trees: 400, learningRate: 0.3, earlyStoppingRounds: 10});
    const {history, manifest, predictor} = await trainModel(definition, {train: noisy, validation, seed: 1});
    const losses = history.map(({validationLoss}) => validationLoss!);
    const best = losses.indexOf(Math.min(...losses));
    expect(history.length - 1).toBe(best + 10);
    expect(manifest.training.iterations).toBe(best);
    expect((predictor as TreePredictor).forest.roots).toHaveLength(best);
  });

  test('continuing from a model equals training longer, up to the rounding of derivatives', async () => {
    const trees = (count: number) => gradientBoostedTrees({trees: count, leaves: 15, earlyStoppingRounds: 0});
    const [half, whole] = await Promise.all([
      trainModel(trees(20), {train, seed: 1}),
      trainModel(trees(40), {train, seed: 1}),
    ]);
    const continued = await trainModel(trees(20), {train, seed: 2, init: half.bytes});
    expect(continued.manifest.training.parent).toMatchObject({iterations: 20});
    expect((continued.predictor as TreePredictor).forest.roots).toHaveLength(40);
    expect(continued.history[0]!.trainLoss).toBeCloseTo(half.history.at(-1)!.trainLoss, 12);
    expect(continued.history.at(-1)!.trainLoss).toBeCloseTo(whole.history.at(-1)!.trainLoss, 2);
    expect(Math.abs(score(continued, validation) - score(whole, validation))).toBeLessThan(0.005);
  });

  test('a model of other features, or a linear one, cannot be continued', async () => {
    const model = await trainModel(gradientBoostedTrees({trees: 1}), {train, seed: 1});
    const renamed = {...train, matrix: {...train.matrix, names: ['x', ...train.matrix.names.slice(1)]}};
    await expect(trainModel(small, {train: renamed, seed: 1, init: model.bytes})).rejects.toThrow(
      /feature 0 is numeric 'f0'/,
    );
    await expect(trainModel(logisticRegression(), {train, seed: 1, init: model.bytes})).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
  });

  test('squared loss fits values, weights move the fit', async () => {
    const labels = train.matrix.columns[0]!.map((a, i) => 100 + 20 * a + 5 * Math.abs(train.matrix.columns[1]![i]!));
    const definition = gradientBoostedTrees({trees: 60, loss: 'squaredLoss', leaves: 15, earlyStoppingRounds: 0});
    const model = await trainModel(definition, {train: {...train, labels}, seed: 1});
    const predictions = model.predictor.predictBatch(train.matrix);
    const error = Math.sqrt(labels.reduce((sum, y, i) => sum + (y - predictions[i]!) ** 2, 0) / labels.length);
    expect(error).toBeLessThan(2.5);
    await checkOnnx(model.onnx, train.matrix, predictions);
    const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
    const heavier = gradientBoostedTrees({trees: 20, positiveWeight: 3});
    const [plain, weighted] = await Promise.all([small, heavier].map(d => trainModel(d, {train, seed: 1})));
    expect(mean(weighted!.predictor.predictBatch(train.matrix))).toBeGreaterThan(
      mean(plain!.predictor.predictBatch(train.matrix)) + 0.1,
    );
  });

  test('weights count rows: doubling weights doubles rows', async () => {
    const rows = 500;
    const once = problem(5, rows);
    const columns = once.matrix.columns.map(c => Float64Array.of(...c, ...c));
    const twice = {
      matrix: {...once.matrix, rows: 2 * rows, columns},
      labels: Float64Array.of(...once.labels, ...once.labels),
    };
    const limits = {trees: 5, leaves: 8, minHessianInLeaf: 5, l2: 0, learningRate: 0.5};
    const weights = new Float64Array(rows).fill(2);
    const [weighted, doubled] = await Promise.all([
      trainModel(gradientBoostedTrees({...limits, minRowsInLeaf: 1}), {train: {...once, weights}, seed: 1}),
      trainModel(gradientBoostedTrees({...limits, minRowsInLeaf: 1}), {train: twice, seed: 1}),
    ]);
    expect(weighted.history.at(-1)!.trainLoss).toBeCloseTo(doubled.history.at(-1)!.trainLoss, 2);
  });
});

describe('training', () => {
  test('leaves the calling thread responsive and ends its workers when aborted', async () => {
    const big = problem(6, 50_000);
    const controller = new AbortController();
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    const training = trainModel(gradientBoostedTrees({trees: 10_000}), {
      train: big,
      seed: 1,
      threads: 2,
      signal: controller.signal,
      onProgress: ({iteration}) => {
        if (iteration === 20) controller.abort(new Error('enough'));
      },
    });
    await expect(training).rejects.toThrow('enough');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(20);
    expect(process.getActiveResourcesInfo()).not.toContain('MessagePort');
  });

  test('an error in onProgress ends it with that error', async () => {
    const onProgress = () => {
      throw new Error('mine');
    };
    await expect(trainModel(small, {train, seed: 1, onProgress})).rejects.toThrow('mine');
  });

  test('everything wrong with the data is said at once', async () => {
    const labels = train.labels.map((y, i) => (i === 5 ? 2 : y));
    const columns = train.matrix.columns.map((c, f) => (f === 5 ? c.map(x => x - 1) : c));
    const wrong = {matrix: {...train.matrix, columns}, labels, weights: new Float64Array(3)};
    await expect(trainModel(small, {train: wrong, seed: 1})).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      problems: [{path: 'train.labels'}, {path: 'train.weights'}, {path: 'train.f5'}],
    });
    const constant = {...train, labels: new Float64Array(train.matrix.rows)};
    await expect(trainModel(small, {train: constant, seed: 1})).rejects.toThrow(/every training row has label 0/);
  });
});
