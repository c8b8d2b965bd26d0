import {expect, test} from 'vitest';
import {normal, seededRandom} from '../../math/index.ts';
import {encodeArtifact} from '../artifact.ts';
import {loadModel} from '../load-model.ts';
import {type Matrix, readRow} from '../matrix.ts';
import type {ModelSpec} from '../model-spec.ts';
import {exportOnnx} from '../onnx/export-onnx.ts';
import {checkOnnx} from '../onnxruntime/index.ts';
import {sigmoid} from '../predictor.ts';
import type {LinearModel} from './linear-model.ts';
import {LinearPredictor} from './linear-predictor.ts';

const spec: ModelSpec = {
  format: 1,
  kind: 'linear',
  task: 'binary',
  features: [
    {name: 'distance', kind: 'numeric'},
    {name: 'delay', kind: 'numeric'},
    {name: 'origin', kind: 'categorical', vocabulary: ['ATL', 'BOS', 'CHI']},
  ],
  trainer: {kind: 'test', version: 1, parameters: {}},
  training: {rows: 0, validationRows: 0, seed: 0, iterations: 0, parent: null},
  checks: {rows: [], predictions: []},
};

const model: LinearModel = {
  intercept: Float64Array.of(-0.5),
  numericFeature: Int32Array.of(0, 1),
  mean: Float64Array.of(700, 0.25),
  scale: Float64Array.of(300, 0.1),
  indicatorFeature: Int32Array.of(1, 2),
  categoryFeature: Int32Array.of(2, 2),
  categoryCode: Int32Array.of(0, 2),
  coefficient: Float64Array.of(0.3, -1.2, 0.7, 0.1, 0.4, -0.9),
  center: Float64Array.of(0, 0, 0.2, 0.05, 0.5, 0.3),
};
const arrays = model as unknown as Parameters<typeof encodeArtifact>[1];
const predictor = new LinearPredictor(spec, arrays);

function randomMatrix(rows: number): Matrix {
  const random = seededRandom(3);
  const missing = (value: () => number) =>
    Float64Array.from({length: rows}, () => (random() < 0.1 ? Number.NaN : value()));
  const columns = [
    missing(() => 700 + 300 * normal(random)),
    missing(() => 0.25 + 0.1 * normal(random)),
    missing(() => Math.floor(random() * 5)),
  ];
  return {rows, columns, names: spec.features.map(f => f.name), kinds: spec.features.map(f => f.kind)};
}

test('the margin is the intercept plus coefficients times terms', () => {
  const row = Float64Array.of(1_000, Number.NaN, 2);
  expect(predictor.marginRow(row)).toBeCloseTo(-0.5 + 0.3 * 1 + 0.7 - 0.9, 12);
  expect(predictor.predictRow(row)).toBe(sigmoid(predictor.marginRow(row)));
});

test('a code without a term counts as the others do, and a missing one has its indicator', () => {
  const margin = (code: number) => predictor.marginRow(Float64Array.of(700, 0.25, code));
  expect(margin(1)).toBe(margin(77));
  expect(margin(Number.NaN)).toBeCloseTo(margin(1) + 0.1, 12);
});

test('batches equal single rows to the bit, also after a round trip', () => {
  const matrix = randomMatrix(300);
  const batch = predictor.predictBatch(matrix);
  for (let i = 0; i < matrix.rows; i++) expect(predictor.predictRow(readRow(matrix, i))).toBe(batch[i]);
  expect(loadModel(encodeArtifact(spec, arrays)).predictBatch(matrix)).toEqual(batch);
});

test('ONNX Runtime agrees, preprocessing included', async () => {
  const matrix = randomMatrix(5_000);
  const {maxDifference} = await checkOnnx(exportOnnx(predictor), matrix, predictor.predictBatch(matrix));
  expect(maxDifference).toBeLessThan(1e-6);
});

test('a regression is its margin, here and in ONNX Runtime', async () => {
  const regression = new LinearPredictor({...spec, task: 'regression'}, arrays);
  const matrix = randomMatrix(1_000);
  const values = regression.predictBatch(matrix);
  expect(values).toEqual(regression.marginBatch(matrix));
  const {maxDifference} = await checkOnnx(exportOnnx(regression), matrix, values);
  expect(maxDifference).toBeLessThan(1e-6);
});

test('contributions add up to the margin and vanish at the training mean', () => {
  const matrix = randomMatrix(50);
  for (let i = 0; i < matrix.rows; i++) {
    const row = readRow(matrix, i);
    const {base, contributions} = predictor.explain(row);
    expect(contributions.reduce((a, b) => a + b, base)).toBeCloseTo(predictor.marginRow(row), 9);
  }
  expect(predictor.explain(Float64Array.of(700, 0, 1)).contributions[0]).toBe(0);
});

test('importance shares standardised coefficients', () => {
  const shares = predictor.importance().map(({share}) => share);
  expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  expect(shares[1]).toBeGreaterThan(shares[0]!);
});
