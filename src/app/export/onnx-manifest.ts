// What somebody who runs the ONNX file elsewhere has to know: what goes in, in which order, and what comes out.
import {createHash} from 'node:crypto';
import {datatypeOf, loadModel, type OnnxPort, readOnnx} from '../../models/index.ts';
import type {JsonValue, ModelVersion} from '../../protocol/index.ts';

const portOf = ({name, element, shape}: OnnxPort): JsonValue => ({
  name,
  datatype: datatypeOf(element),
  shape: shape && [...shape],
});

/** `artifact`: the version's own, whose manifest names features and vocabularies. */
export function onnxManifest(onnx: Uint8Array, artifact: Uint8Array, version: ModelVersion, file: string): JsonValue {
  const {irVersion, opsets, graph} = readOnnx(onnx);
  const {task, features} = loadModel(artifact).spec;
  const {onnxMaxDifference, onnxRows} = version.artifact;
  return {
    model: version.model,
    version: version.version,
    task,
    file,
    sha256: createHash('sha256').update(onnx).digest('hex'),
    irVersion,
    opsets: Object.fromEntries([...opsets].map(([domain, opset]) => [domain || 'ai.onnx', opset])),
    inputs: graph.inputs.map(portOf),
    outputs: graph.outputs.map(portOf),
    encoding: {
      missing: 'NaN',
      categorical: 'the place of the category in the vocabulary, from 0; any other category is missing',
    },
    features: features.map(({name, kind, vocabulary}) => ({
      name,
      kind,
      ...(vocabulary ? {vocabulary: [...vocabulary]} : {}),
    })),
    checked: onnxMaxDifference === null ? null : {rows: onnxRows, maxDifference: onnxMaxDifference},
  };
}
