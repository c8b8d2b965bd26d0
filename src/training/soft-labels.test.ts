import {expect, test} from 'vitest';
import {normal, seededRandom} from '../math/index.ts';

import {gradientBoostedTrees, logisticRegression} from './definition.ts';
import {trainModel} from './train-model.ts';
import type {TrainingSet} from './training-set.ts';

const ROWS = 4_000;
const random = seededRandom(5);
const columns = Array.from({length: 3}, () => Float64Array.from({length: ROWS}, () => normal(random)));
const teacher = Float64Array.from({length: ROWS}, (_, i) => {
  const [a, b, c] = columns.map(column => column[i]!) as [number, number, number];
  return 1 / (1 + Math.exp(-(a * b + 0.8 * c - 0.3)));
});
const names = ['a', 'b', 'c'];
const kinds = names.map(() => 'numeric' as const);
const soft: TrainingSet = {matrix: {rows: ROWS, columns, names, kinds}, labels: teacher};

/** The same as classes: each row twice, as 1 with weight p and as 0 with weight 1 - p. */
const twice: TrainingSet = {
  matrix: {rows: 2 * ROWS, columns: columns.map(column => Float64Array.of(...column, ...column)), names, kinds},
  labels: Float64Array.from({length: 2 * ROWS}, (_, i) => (i < ROWS ? 1 : 0)),
  weights: Float64Array.of(...teacher, ...teacher.map(p => 1 - p)),
};

test('a logistic regression of probabilities is that of weighted classes', async () => {
  const definition = logisticRegression({tolerance: 1e-10});
  const [direct, doubled] = await Promise.all([
    trainModel(definition, {train: soft, softLabels: true, seed: 1}),
    trainModel(definition, {train: twice, seed: 1}),
  ]);
  const coefficients = [direct, doubled].map(
    ({predictor}) => (predictor as unknown as {model: {coefficient: Float64Array}}).model.coefficient,
  );
  for (const [k, value] of coefficients[0]!.entries()) expect(value).toBeCloseTo(coefficients[1]![k]!, 7);
});

test('trees of probabilities come as near to them as trees of weighted classes, and nearer than trees of drawn labels', async () => {
  const definition = gradientBoostedTrees({trees: 60, leaves: 15, minRowsInLeaf: 1, minHessianInLeaf: 2});
  const drawn = {...soft, labels: teacher.map(p => (random() < p ? 1 : 0))};
  const distance = async (train: TrainingSet, softLabels: boolean) => {
    const {predictor} = await trainModel(definition, {train, softLabels, seed: 1});
    const scores = predictor.predictBatch(soft.matrix);
    return scores.reduce((sum, p, i) => sum + Math.abs(p - teacher[i]!), 0) / ROWS;
  };
  const [direct, doubled, hard] = [
    await distance(soft, true),
    await distance(twice, false),
    await distance(drawn, false),
  ];
  expect(Math.abs(direct - doubled)).toBeLessThan(0.002);
  expect(direct).toBeLessThan(0.7 * hard);
});

test('probabilities are refused as labels unless they are announced, and never beyond 0 to 1', async () => {
  const definition = gradientBoostedTrees({trees: 2});
  await expect(trainModel(definition, {train: soft, seed: 1})).rejects.toMatchObject({code: 'TRAINING_FAILED'});
  const beyond = {...soft, labels: teacher.map((p, i) => (i === 7 ? 1.2 : p))};
  await expect(trainModel(definition, {train: beyond, softLabels: true, seed: 1})).rejects.toThrow(
    'label 7 of train is 1.2; allowed is a number from 0 to 1.',
  );
});
