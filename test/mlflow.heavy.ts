// A folder in MLflow's model layout, loaded and asked by MLflow itself: in a Python environment of its own, which is
// made where there is a network; MLFLOW_PYTHON names one that has mlflow, onnx, onnxruntime and pandas already.
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {importedMlflowFiles, mlflowFiles} from '../src/app/export/mlflow-files.ts';
import {networkFile} from '../src/app/imported/onnx-files.fixture.ts';
import {seededRandom} from '../src/math/index.ts';
import {loadModel} from '../src/models/index.ts';
import {linearModel, sampleRows, treeModel} from './export/exported.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlflow-'));
const python = pythonWithMlflow();
if (python === null) console.warn('MLflow is not tried: no Python 3 with pip that reaches a package index.');

/** Null where it cannot be had. */
function pythonWithMlflow(): string | null {
  const given = process.env.MLFLOW_PYTHON;
  if (given !== undefined) return given;
  const made = join(folder, 'venv/bin/python');
  try {
    execFileSync('python3', ['-m', 'venv', join(folder, 'venv')], {stdio: 'ignore'});
    const packages = ['mlflow-skinny', 'onnx', 'onnxruntime', 'pandas'];
    execFileSync(made, ['-m', 'pip', 'install', '--quiet', ...packages], {stdio: 'ignore', timeout: 300_000});
    return made;
  } catch {
    return null;
  }
}

/** Loads a folder in both ways and answers the rows of its standard input. */
const SCRIPT = `
import json, sys, warnings, logging
warnings.filterwarnings('ignore')
import mlflow, pandas as pd, onnx
folder, given = sys.argv[1], json.load(sys.stdin)
onnx.checker.check_model(mlflow.onnx.load_model(folder))
model = mlflow.pyfunc.load_model(folder)
frame = pd.DataFrame(given['rows'], columns=given['columns'], dtype='float64')
answers = {
  'predictions': model.predict(frame)['prediction'].tolist(),
  'shuffled': model.predict(frame[frame.columns[::-1]])['prediction'].tolist(),
  'columns': list(model.predict(frame).columns),
  'example': model.predict(model.input_example)['prediction'].tolist(),
  'inputs': model.metadata.get_input_schema().input_names(),
  'outputs': model.metadata.get_output_schema().input_names(),
}
try:
  model.predict(frame.drop(columns=[given['columns'][0]]))
except Exception as error:
  answers['missing'] = str(error)
print(json.dumps(answers))
`;

describe.skipIf(python === null)('MLflow', () => {
  beforeAll(() => writeFileSync(join(folder, 'ask.py'), SCRIPT));
  afterAll(() => rmSync(folder, {recursive: true}));

  test.each(['trees', 'linear'] as const)('loads and asks an exported model of %s', kind => {
    const random = seededRandom(7);
    const rows = sampleRows(random, 200);
    const artifact = kind === 'trees' ? treeModel(random, rows) : linearModel(random);
    const predictor = loadModel(artifact);
    const out = join(folder, kind);
    mkdirSync(out);
    for (const [name, content] of mlflowFiles(artifact, {model: "it's", version: 2, createdAt: Date.UTC(2024, 0, 1)}))
      writeFileSync(join(out, name), content);
    const columns = predictor.spec.features.map(({name}) => name);
    const input = JSON.stringify({
      columns,
      rows: rows.map(row => Array.from(row, value => (Number.isNaN(value) ? null : value))),
    });
    const stdio: ['pipe', 'pipe', 'pipe'] = ['pipe', 'pipe', 'pipe'];
    const answer = JSON.parse(
      execFileSync(python!, [join(folder, 'ask.py'), out], {input, stdio, encoding: 'utf8', maxBuffer: 1e8}),
    );
    expect(answer.columns).toEqual(['prediction']);
    expect(answer.inputs).toEqual(columns);
    expect(answer.outputs).toEqual(['prediction']);
    expect(answer.shuffled).toEqual(answer.predictions);
    expect(answer.missing).toContain(columns[0]);
    const {checks} = predictor.spec;
    expect(answer.example).toHaveLength(checks.rows.length);
    expect(answer.example[0]).toBeCloseTo(checks.predictions[0]!, 6);
    const worst = Math.max(...rows.map((row, i) => Math.abs(predictor.predictRow(row) - answer.predictions[i])));
    expect(worst).toBeLessThan(1e-6);
  });

  test('loads and asks an imported network, with tensors', () => {
    const out = join(folder, 'network');
    mkdirSync(out);
    for (const [name, content] of importedMlflowFiles(networkFile(), {model: 'net', version: 1, createdAt: 0}))
      writeFileSync(join(out, name), content);
    const script = `
import sys, warnings
warnings.filterwarnings('ignore')
import mlflow, numpy as np
model = mlflow.pyfunc.load_model(sys.argv[1])
print(model.predict({'x': np.array([[1, 2], [3, 3]], dtype=np.float32)})['y'].tolist())
`;
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const [first, second] = JSON.parse(execFileSync(python!, ['-c', script, out], {stdio, encoding: 'utf8'}));
    // The softmax of [3, -1] and of [6, 0].
    expect(first[0]).toBeCloseTo(1 / (1 + Math.exp(-4)), 6);
    expect(second[0]).toBeCloseTo(1 / (1 + Math.exp(-6)), 6);
  });
});
