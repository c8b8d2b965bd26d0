import {expect, test} from 'vitest';
import type {LinearModel} from '../../models/index.ts';
import {checkOnnx} from '../../models/onnxruntime/index.ts';
import {logisticRegression} from '../definition.ts';
import {trainModel} from '../train-model.ts';
import {lbfgs} from './lbfgs.ts';

const rows = 80;
const column = (value: (i: number) => number) => Float64Array.from({length: rows}, (_, i) => value(i));
const a = column(i => (i * 37) % 23);
const b = column(i => (i % 7 === 0 ? Number.NaN : ((i * 53) % 31) - 15));
const c = column(i => (i * i) % 5);
const train = {
  matrix: {rows, columns: [a, b, c], names: ['a', 'b', 'c'], kinds: ['numeric', 'numeric', 'categorical'] as const},
  labels: column(i => (((i * 29) % 17) + a[i]! > 20 ? 1 : 0)),
};
const weights = column(i => 1 + (i % 3));

/*
 * Coefficients of scikit-learn 1.9.1: LogisticRegression(C=1/l2, solver='newton-cholesky', tol=1e-12) on the
 * columns (a - mean)/std, (b - mean)/std with 0 where missing, isnan(b), c==0, c==1, c==4.
 */
test.each([
  {
    l2: 1,
    set: train,
    intercept: -0.5718853902385825,
    coefficients: [
      2.145381545611189, 0.3091496900035387, 0.9087022652780102, 0.23994662462258165, -0.08911490917259406,
      -0.1508317154499872,
    ],
  },
  {
    l2: 0.25,
    set: {...train, weights},
    intercept: -0.7560693061142867,
    coefficients: [
      2.8233454734901744, 0.5329755143985098, 1.770304429528085, 0.3912750201280474, -0.34956273176977903,
      -0.04171228835827002,
    ],
  },
])('coefficients are those of scikit-learn for l2 = $l2', async ({l2, set, intercept, coefficients}) => {
  const {predictor, manifest} = await trainModel(logisticRegression({l2, tolerance: 1e-10}), {train: set, seed: 1});
  const {model} = predictor as unknown as {model: LinearModel};
  expect(model.intercept[0]).toBeCloseTo(intercept, 7);
  coefficients.forEach((w, k) => {
    expect(model.coefficient[k]).toBeCloseTo(w, 7);
  });
  expect(manifest.training.iterations).toBeLessThan(60);
});

test('the model is the same for any number of threads and agrees with ONNX Runtime', async () => {
  const large = {
    matrix: {
      ...train.matrix,
      rows: 40_000,
      columns: train.matrix.columns.map(x => Float64Array.from({length: 40_000}, (_, i) => x[i % rows]!)),
    },
    labels: Float64Array.from({length: 40_000}, (_, i) => train.labels[(i * 7) % rows]!),
  };
  const validation = train;
  const [one, two] = await Promise.all(
    [1, 2].map(threads => trainModel(logisticRegression(), {train: large, validation, seed: 1, threads})),
  );
  expect(Buffer.compare(one!.bytes, two!.bytes)).toBe(0);
  expect(one!.history.at(-1)!.validationLoss).not.toBeNull();
  await checkOnnx(one!.onnx, train.matrix, one!.predictor.predictBatch(train.matrix));
});

test('categories beyond the limit share the intercept', async () => {
  const {predictor} = await trainModel(logisticRegression({maxCategories: 1}), {train, seed: 1});
  const {model} = predictor as unknown as {model: LinearModel};
  expect(model.categoryCode).toHaveLength(1);
});

test('a fit that runs out of iterations is an error, not a model', async () => {
  await expect(trainModel(logisticRegression({maxIterations: 2}), {train, seed: 1})).rejects.toThrow(
    /did not converge/,
  );
});

test('L-BFGS finds the minimum of an ill-conditioned quadratic', () => {
  const scale = [1, 10, 100, 1_000, 10_000];
  const objective = (x: Float64Array, gradient: Float64Array) => {
    let value = 0;
    scale.forEach((s, i) => {
      gradient[i] = s * (x[i]! - i);
      value += (s * (x[i]! - i) ** 2) / 2;
    });
    return value;
  };
  const {x, converged} = lbfgs(objective, new Float64Array(5), {tolerance: 1e-9, maxIterations: 200});
  expect(converged).toBe(true);
  x.forEach((v, i) => {
    expect(v).toBeCloseTo(i, 8);
  });
});
