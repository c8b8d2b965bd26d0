// A model small enough to compute by hand: sigmoid(bias + weight · x + 1 if the category is the first).
import {encodeArtifact, type ModelSpec} from '../models/index.ts';

export const FEATURES: ModelSpec['features'] = [
  {name: 'x', kind: 'numeric'},
  {name: 'place', kind: 'categorical', vocabulary: ['ATL', 'BOS']},
];

export function smallModel(bias: number, weight: number, features = FEATURES): Uint8Array {
  const spec: ModelSpec = {
    format: 1,
    kind: 'linear',
    task: 'binary',
    features,
    trainer: {kind: 'by hand', version: 1, parameters: {}},
    training: {rows: 0, validationRows: 0, seed: 0, iterations: 0, parent: null},
    checks: {rows: [], predictions: []},
  };
  return encodeArtifact(spec, {
    intercept: Float64Array.of(bias),
    numericFeature: Int32Array.of(0),
    mean: Float64Array.of(0),
    scale: Float64Array.of(1),
    indicatorFeature: new Int32Array(0),
    categoryFeature: Int32Array.of(1),
    categoryCode: Int32Array.of(0),
    coefficient: Float64Array.of(weight, 1),
    center: Float64Array.of(0, 0),
  });
}

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
