// What somebody who runs the ONNX file elsewhere has to know: what goes in, in which order, and what comes out.
import {createHash} from 'node:crypto';
import {datatypeOf, type FeatureSpec, type ModelSpec, type OnnxPort, readOnnx} from '../../models/index.ts';
import type {JsonValue} from '../../protocol/index.ts';

const portOf = ({name, element, shape}: OnnxPort): JsonValue => ({
  name,
  datatype: datatypeOf(element),
  shape: shape && [...shape],
});

/** What the registry knows of a file beside its bytes. */
export type OnnxAbout = {
  readonly model: string;
  readonly version: number;
  /** Of models of ours: what the columns of the one input are. */
  readonly spec: Pick<ModelSpec, 'task' | 'features'> | null;
  readonly checked: {readonly rows: number; readonly maxDifference: number} | null;
};

const ENCODING = {
  missing: 'NaN',
  categorical: 'the place of the category in the vocabulary, from 0; any other category is missing',
};

export function onnxManifest(onnx: Uint8Array, {model, version, spec, checked}: OnnxAbout, file: string): JsonValue {
  const {irVersion, opsets, graph} = readOnnx(onnx);
  return {
    model,
    version,
    file,
    sha256: createHash('sha256').update(onnx).digest('hex'),
    irVersion,
    opsets: Object.fromEntries([...opsets].map(([domain, opset]) => [domain || 'ai.onnx', opset])),
    inputs: graph.inputs.map(portOf),
    outputs: graph.outputs.map(portOf),
    ...(spec ? {task: spec.task, encoding: ENCODING, features: spec.features.map(featureOf)} : {}),
    checked,
  };
}

const featureOf = ({name, kind, vocabulary}: FeatureSpec): JsonValue => ({
  name,
  kind,
  ...(vocabulary ? {vocabulary: [...vocabulary]} : {}),
});
