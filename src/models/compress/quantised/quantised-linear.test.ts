import {expect, test} from 'vitest';
import {normal, seededRandom} from '../../../math/index.ts';
import {decodeArtifact, encodeArtifact, type ModelArrays} from '../../artifact.ts';
import type {LinearModel} from '../../linear/linear-model.ts';
import {loadModel} from '../../load-model.ts';
import {type Matrix, readRow} from '../../matrix.ts';
import type {ModelSpec} from '../../model-spec.ts';
import {exportOnnx} from '../../onnx/export-onnx.ts';
import {checkOnnx} from '../../onnxruntime/index.ts';
import {pruneModel, quantiseModel} from '../compress-artifact.ts';

const CODES = 800;
const random = seededRandom(9);
const spread = (length: number, scale: number) => Float64Array.from({length}, () => scale * normal(random));

const spec: ModelSpec = {
  format: 1,
  kind: 'linear',
  task: 'binary',
  features: [
    {name: 'distance', kind: 'numeric'},
    {name: 'delay', kind: 'numeric'},
    {name: 'origin', kind: 'categorical'},
    {name: 'tail', kind: 'categorical'},
  ],
  trainer: {kind: 'test', version: 1, parameters: {}},
  training: {rows: 0, validationRows: 0, seed: 0, iterations: 0, parent: null},
  checks: {rows: [[700, null, 3, 5]], predictions: []},
};
const model: LinearModel = {
  intercept: Float64Array.of(-0.5),
  numericFeature: Int32Array.of(0, 1),
  mean: Float64Array.of(700, 0.25),
  scale: Float64Array.of(300, 0.1),
  indicatorFeature: Int32Array.of(1, 2),
  categoryFeature: Int32Array.from({length: 2 * CODES}, (_, k) => (k < CODES ? 2 : 3)),
  categoryCode: Int32Array.from({length: 2 * CODES}, (_, k) => k % CODES),
  coefficient: Float64Array.of(0.3, -1.2, 0.7, 0.1, ...spread(CODES, 1), ...spread(CODES, 0.001)),
  center: new Float64Array(4 + 2 * CODES).fill(1 / CODES),
};
const artifact = encodeArtifact(
  {...spec, checks: {rows: spec.checks.rows, predictions: [0.5]}},
  model as unknown as ModelArrays,
);

const rows = 400;
const matrix: Matrix = {
  rows,
  columns: [
    spread(rows, 700),
    Float64Array.from({length: rows}, (_, i) => (i % 7 === 0 ? Number.NaN : i / 1_000)),
    ...[0, 1].map(() => Float64Array.from({length: rows}, () => Math.floor(random() * (CODES + 9)))),
  ],
  names: spec.features.map(f => f.name),
  kinds: spec.features.map(f => f.kind),
};

const exact = loadModel(
  encodeArtifact({...spec, checks: {rows: [], predictions: []}}, model as unknown as ModelArrays),
);

test.each([
  [8, 0.05],
  [16, 0.0002],
] as const)('a linear model of %i bits stays within %f of the exact margin', (bits, tolerance) => {
  const bytes = quantiseModel(artifact, bits);
  expect(bytes.length).toBeLessThan(artifact.length / 2);
  const quantised = loadModel(bytes);
  expect(quantised.spec.kind).toBe('quantised-linear');
  const batch = quantised.marginBatch(matrix);
  const expected = exact.marginBatch(matrix);
  for (let i = 0; i < rows; i++) {
    expect(quantised.marginRow(readRow(matrix, i))).toBe(batch[i]);
    expect(Math.abs(batch[i]! - expected[i]!)).toBeLessThan(tolerance);
  }
});

test('each categorical feature has a scale of its own, so that small coefficients are not lost beside large ones', () => {
  const quantised = loadModel(quantiseModel(artifact, 8));
  const margin = (tail: number) => quantised.marginRow(Float64Array.of(700, 0.25, 0, tail));
  const distinct = new Set(Array.from({length: 50}, (_, tail) => margin(tail)));
  expect(distinct.size).toBeGreaterThan(25);
});

test('it exports to ONNX, and damage is refused', async () => {
  const bytes = quantiseModel(artifact, 8);
  const quantised = loadModel(bytes);
  const {maxDifference} = await checkOnnx(exportOnnx(quantised), matrix, quantised.predictBatch(matrix));
  expect(maxDifference).toBeLessThan(1e-6);
  const {spec: manifest, arrays} = decodeArtifact(bytes);
  for (const name of ['coefficientStep', 'coefficientScale', 'categoryCode', 'center']) {
    const {[name]: _, ...rest} = arrays;
    const shorter = {...arrays, [name]: arrays[name]!.slice(1)};
    for (const wrong of [rest, shorter])
      expect(() => loadModel(encodeArtifact(manifest, wrong))).toThrow(
        expect.objectContaining({code: 'MODEL_INVALID'}),
      );
  }
});

test('a linear model is not pruned, and is told what else there is', () => {
  expect(() => pruneModel(encodeArtifact(exact.spec, model as unknown as ModelArrays), {trees: 3})).toThrow(
    expect.objectContaining({
      message: "A model of kind 'linear' cannot be pruned; trees can.",
      fix: 'Quantise it, or take a version of trees.',
    }),
  );
});
