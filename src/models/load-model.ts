import {decodeArtifact, invalid, type ModelArrays} from './artifact.ts';
import {dequantiseLinear} from './compress/quantised/quantised-linear.ts';
import {QuantisedTreePredictor} from './compress/quantised/quantised-tree-predictor.ts';
import {LinearPredictor} from './linear/linear-predictor.ts';
import type {ModelSpec} from './model-spec.ts';
import type {Predictor} from './predictor.ts';
import {TreePredictor} from './trees/tree-predictor.ts';

/** Largest difference allowed when a model repeats its checks: `Math.exp` may differ in its last bit elsewhere. */
const CHECK_TOLERANCE = 1e-12;

/** A predictor from artifact bytes. Throws MODEL_INVALID if they are damaged or fail the model's own checks. */
export function loadModel(bytes: Uint8Array): Predictor {
  const {spec, arrays} = decodeArtifact(bytes);
  const predictor = makePredictor(spec, arrays);
  spec.checks.rows.forEach((row, i) => {
    const got = predictor.predictRow(Float64Array.from(row, value => value ?? Number.NaN));
    const expected = spec.checks.predictions[i]!;
    if (!(Math.abs(got - expected) <= CHECK_TOLERANCE * Math.max(1, Math.abs(expected))))
      throw invalid(`check ${i + 1} predicts ${got} where its trainer predicted ${expected}`);
  });
  return predictor;
}

/** The same without checks, from parts that are trusted. */
export function makePredictor(spec: ModelSpec, arrays: ModelArrays): Predictor {
  if (spec.kind === 'trees') return new TreePredictor(spec, arrays);
  if (spec.kind === 'linear') return new LinearPredictor(spec, arrays);
  if (spec.kind === 'quantised-trees') return new QuantisedTreePredictor(spec, arrays);
  if (spec.kind === 'quantised-linear') {
    const model = dequantiseLinear(arrays, spec.features.length);
    return new LinearPredictor(spec, model as unknown as ModelArrays);
  }
  throw invalid(`its kind is '${spec.kind}'; known are trees and linear, and each of them quantised`);
}
