// Models of LightGBM, XGBoost and scikit-learn as their own converters write them, imported and compared with what
// Python's ONNX Runtime answers. Needs .venv-onnx at the root of the repository, with the packages named below.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {ImportedModels, importedModel} from '../src/app/index.ts';
import {type Tensor, wallClock} from '../src/protocol/index.ts';
import type {MetadataStore} from '../src/stores/index.ts';
import {openLibsql} from '../src/stores/libsql/index.ts';

const python = resolve(import.meta.dirname, '../.venv-onnx/bin/python');
const found = existsSync(python);
if (!found)
  console.log(
    'Not run: imports of converted models. They need python3 -m venv .venv-onnx && .venv-onnx/bin/pip install lightgbm xgboost scikit-learn skl2onnx onnxmltools onnx onnxruntime',
  );

const ROWS = 10_000;
const WIDTH = 28;
/** Names of the models that convert.py makes, and whether they are ours or ONNX Runtime's to answer. */
const MODELS = {
  'lightgbm-classifier': 'millrace',
  'lightgbm-classifier-zipmap': 'millrace',
  'lightgbm-regressor': 'millrace',
  'lightgbm-categorical': 'millrace',
  'lightgbm-three-classes': 'onnxruntime_onnx',
  'xgboost-classifier': 'millrace',
  'xgboost-regressor': 'millrace',
  'xgboost-three-classes': 'onnxruntime_onnx',
  'sklearn-gradient-boosting': 'millrace',
  'sklearn-forest-classifier': 'millrace',
  'sklearn-forest-regressor': 'millrace',
  'sklearn-tree': 'millrace',
  'sklearn-logistic': 'millrace',
  'sklearn-logistic-zipmap': 'millrace',
  'sklearn-logistic-words': 'millrace',
  'sklearn-logistic-three': 'onnxruntime_onnx',
  'sklearn-linear': 'millrace',
  'sklearn-pipeline-logistic': 'millrace',
  'sklearn-pipeline-linear': 'millrace',
  'sklearn-pipeline-forest': 'millrace',
  'sklearn-pipeline-boosting': 'millrace',
  'sklearn-network': 'onnxruntime_onnx',
} as const;

describe.skipIf(!found)('models from other trainers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'converted-'));
  let metadata: MetadataStore;
  let models: ImportedModels;
  let scores: Record<string, string>;
  const floats = (file: string): Float32Array => {
    const bytes = readFileSync(join(folder, file));
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  };

  beforeAll(async () => {
    execFileSync(python, [resolve(import.meta.dirname, 'onnx/convert.py'), folder], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    scores = JSON.parse(readFileSync(join(folder, 'models.json'), 'utf8'));
    metadata = await openLibsql(join(folder, 'metadata.db'));
    const definitions = Object.keys(MODELS).map(name => importedModel(name, {from: `${name}.onnx`}));
    models = await ImportedModels.open(definitions, {folder, metadata, clock: wallClock, threads: 1});
  }, 600_000);
  afterAll(async () => {
    await models?.close();
    await metadata?.close();
    rmSync(folder, {recursive: true});
  });

  test('all that were converted are listed here, and all are loaded', () => {
    expect(Object.keys(scores).sort()).toEqual(Object.keys(MODELS).sort());
    for (const {name, state, reason} of models.index()) expect([name, state, reason]).toEqual([name, 'READY', '']);
  });

  test.each(Object.entries(MODELS))('%s is answered by %s, within 1e-6 of ONNX Runtime', async (name, platform) => {
    const model = models.model(name);
    expect([model.platform, models.notes(name)]).toEqual([platform, platform === 'millrace' ? [] : expect.any(Array)]);
    const input = (data: Float32Array): Tensor => ({
      name: model.inputs[0]!.name,
      datatype: 'FP32',
      shape: [data.length / WIDTH, WIDTH],
      data,
    });
    const ask = async (data: Float32Array) =>
      (await model.infer({inputs: [input(data)], outputs: [scores[name]!]})).outputs[0]!.data as Float32Array;
    for (const rows of ['rows', 'full']) {
      const data = floats(`${rows}.f32`);
      const ours = await ask(data);
      const theirs = floats(`${name}.${rows}.f32`);
      expect(ours.length).toBe(theirs.length);
      let largest = 0;
      for (let i = 0; i < ours.length; i++) {
        if (Number.isNaN(ours[i]!) && Number.isNaN(theirs[i]!)) continue;
        const difference = Math.abs(ours[i]! - theirs[i]!) / Math.max(1, Math.abs(theirs[i]!));
        largest = difference <= largest ? largest : difference;
      }
      expect(largest, rows).toBeLessThan(1e-6);
      const width = ours.length / ROWS;
      for (let i = 0; i < 200; i++) {
        const alone = await ask(data.subarray(i * WIDTH, (i + 1) * WIDTH));
        expect(alone, 'the same bits alone').toEqual(ours.subarray(i * width, (i + 1) * width));
      }
    }
  });
});
