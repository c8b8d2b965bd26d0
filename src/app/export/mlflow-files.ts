/**
 * A folder that `mlflow.onnx.load_model`, `mlflow.pyfunc.load_model` and `mlflow models serve` read: one column for each
 * input of the model, one column `prediction` out. MLflow flattens every output to one column, so the file has that single
 * output, unlike the registered export. Layout: https://mlflow.org/docs/latest/ml/model/
 */
import {createHash} from 'node:crypto';
import {datatypeOf, exportOnnx, loadModel, type OnnxPort, readOnnx} from '../../models/index.ts';
import type {ModelVersion} from '../../protocol/index.ts';
import type {ExportFiles} from './files.ts';

const PYTHON = '3.11';
/** The oldest that read this layout. */
const REQUIREMENTS = ['mlflow>=2.9', 'onnx>=1.14', 'onnxruntime>=1.16', 'pandas>=1.5', 'numpy>=1.23'];

/** Of a version of ours. */
export function mlflowFiles(artifact: Uint8Array, {model, version, createdAt}: Identity): ExportFiles {
  const predictor = loadModel(artifact);
  const {features, checks} = predictor.spec;
  const columns = features.map(({name}) => name);
  const example = {columns, data: checks.rows};
  const vocabularies = features.flatMap(({name, vocabulary}) => (vocabulary ? [[name, vocabulary] as const] : []));
  const signature = {
    inputs: columns.map(name => ({type: 'double', name, required: true})),
    outputs: [{type: 'float', name: 'prediction', required: true}],
  };
  return new Map([
    ...filesOf(exportOnnx(predictor, 'prediction'), {model, version, createdAt}, signature, EXAMPLE),
    ['input_example.json', json(example)],
    ['serving_input_example.json', json({dataframe_split: example})],
    ['vocabularies.json', json(Object.fromEntries(vocabularies))],
  ]);
}

/** Of any ONNX file, with its own inputs and outputs as tensors. */
export function importedMlflowFiles(onnx: Uint8Array, identity: Identity): ExportFiles {
  const {inputs, outputs} = readOnnx(onnx).graph;
  return filesOf(onnx, identity, {inputs: inputs.map(tensorOf), outputs: outputs.map(tensorOf)}, '');
}

type Identity = Pick<ModelVersion, 'model' | 'version' | 'createdAt'>;
type Signature = {readonly inputs: readonly unknown[]; readonly outputs: readonly unknown[]};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function tensorOf({name, element, shape}: OnnxPort) {
  const datatype = datatypeOf(element);
  const dtype = datatype === null ? 'object' : (DTYPES[datatype] ?? datatype.toLowerCase());
  return {name, type: 'tensor', 'tensor-spec': {dtype, shape: shape ?? [-1]}};
}

/** Names of NumPy where they are not those of the datatype in small letters. */
const DTYPES: Readonly<Record<string, string>> = {FP16: 'float16', FP32: 'float32', FP64: 'float64', BYTES: 'object'};

const filesOf = (onnx: Uint8Array, identity: Identity, signature: Signature, example: string) =>
  new Map<string, string | Uint8Array>([
    ['MLmodel', mlmodel(identity, onnx, signature, example)],
    ['model.onnx', onnx],
    ['requirements.txt', `${REQUIREMENTS.join('\n')}\n`],
    ['python_env.yaml', PYTHON_ENV],
    ['conda.yaml', CONDA],
  ]);

const EXAMPLE = `saved_input_example_info:
  artifact_path: input_example.json
  pandas_orient: split
  serving_input_path: serving_input_example.json
  type: dataframe
`;

function mlmodel(
  {model, version, createdAt}: Identity,
  onnx: Uint8Array,
  {inputs, outputs}: Signature,
  example: string,
) {
  return `flavors:
  onnx:
    code: null
    data: model.onnx
    onnx_version: '1.14.0'
    providers:
    - CPUExecutionProvider
  python_function:
    data: model.onnx
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.onnx
    python_version: '${PYTHON}'
metadata:
  model: ${scalar(model)}
  version: ${version}
mlflow_version: '2.9.0'
model_size_bytes: ${onnx.length}
model_uuid: ${createHash('sha256').update(onnx).digest('hex').slice(0, 32)}
${example}signature:
  inputs: ${scalar(JSON.stringify(inputs))}
  outputs: ${scalar(JSON.stringify(outputs))}
  params: null
utc_time_created: '${new Date(createdAt).toISOString().replace('T', ' ').replace('Z', '000')}'
`;
}

/** A single-quoted scalar of YAML, in which only the quote itself is special. */
const scalar = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const PYTHON_ENV = `python: '${PYTHON}'
build_dependencies:
- pip
- setuptools
- wheel
dependencies:
- -r requirements.txt
`;

const CONDA = `name: mlflow-env
channels:
- conda-forge
dependencies:
- python=${PYTHON}
- pip
- pip:
${REQUIREMENTS.map(requirement => `  - ${requirement}`).join('\n')}
`;
