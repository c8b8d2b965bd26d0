import {encodeArtifact, type ModelArrays} from '../artifact.ts';
import {LinearPredictor} from '../linear/linear-predictor.ts';
import type {Predictor} from '../predictor.ts';
import {TreePredictor} from '../trees/tree-predictor.ts';

/** A predictor that came from elsewhere, such as an ONNX file, as an artifact of ours. */
export function artifactOf(predictor: Predictor): Uint8Array {
  const {spec} = predictor;
  if (predictor instanceof TreePredictor) return encodeArtifact(spec, {...predictor.forest} as ModelArrays);
  if (predictor instanceof LinearPredictor) return encodeArtifact(spec, {...predictor.model} as ModelArrays);
  throw new TypeError(`no artifact of models of kind '${spec.kind}'`);
}
