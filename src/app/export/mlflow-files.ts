/**
 * A folder that `mlflow.onnx.load_model`, `mlflow.pyfunc.load_model` and `mlflow models serve` read: one column for each
 * input of the model, one column `prediction` out. MLflow flattens every output to one column, so the file has that single
 * output, unlike the registered export. Layout: https://mlflow.org/docs/latest/ml/model/
 */
import {createHash} from 'node:crypto';
import {exportOnnx, loadModel} from '../../models/index.ts';
import type {ModelVersion} from '../../protocol/index.ts';
import type {ExportFiles} from './files.ts';

const PYTHON = '3.11';
/** The oldest that read this layout. */
const REQUIREMENTS = ['mlflow>=2.9', 'onnx>=1.14', 'onnxruntime>=1.16', 'pandas>=1.5', 'numpy>=1.23'];

export function mlflowFiles(artifact: Uint8Array, version: ModelVersion): ExportFiles {
  const predictor = loadModel(artifact);
  const {features, checks, task} = predictor.spec;
  const onnx = exportOnnx(predictor, 'prediction');
  const columns = features.map(({name}) => name);
  const example = {columns, data: checks.rows};
  const vocabularies = features.flatMap(({name, vocabulary}) => (vocabulary ? [[name, vocabulary] as const] : []));
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return new Map<string, string | Uint8Array>([
    ['MLmodel', mlmodel(version, onnx, columns, task)],
    ['model.onnx', onnx],
    ['requirements.txt', `${REQUIREMENTS.join('\n')}\n`],
    ['python_env.yaml', PYTHON_ENV],
    ['conda.yaml', CONDA],
    ['input_example.json', json(example)],
    ['serving_input_example.json', json({dataframe_split: example})],
    ['vocabularies.json', json(Object.fromEntries(vocabularies))],
  ]);
}

function mlmodel(
  {model, version, createdAt}: ModelVersion,
  onnx: Uint8Array,
  columns: readonly string[],
  task: string,
) {
  const inputs = columns.map(name => ({type: 'double', name, required: true}));
  const outputs = [{type: 'float', name: 'prediction', required: true}];
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
  task: ${task}
mlflow_version: '2.9.0'
model_size_bytes: ${onnx.length}
model_uuid: ${createHash('sha256').update(onnx).digest('hex').slice(0, 32)}
saved_input_example_info:
  artifact_path: input_example.json
  pandas_orient: split
  serving_input_path: serving_input_example.json
  type: dataframe
signature:
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
