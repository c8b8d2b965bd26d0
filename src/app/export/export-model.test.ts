import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {exportOnnx, loadModel} from '../../models/index.ts';
import {checkOnnx} from '../../models/onnxruntime/index.ts';
import {ManualClock} from '../../protocol/index.ts';
import {loadProject} from '../project/load.ts';
import {ingestHistory, prepareSources} from '../runtime/history.ts';
import {openRuntime} from '../runtime/open.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {buildVersion} from '../train/build-version.ts';
import {type ExportOptions, exportModel} from './export-model.ts';

const NOW = Date.UTC(2024, 0, 5, 12);
const folder = mkdtempSync(join(tmpdir(), 'export-'));
let runtime: Runtime;

beforeAll(async () => {
  const project = await loadProject(resolve(import.meta.dirname, '../../../test/projects/couriers'));
  const data = join(folder, 'data');
  runtime = await openRuntime(project, {folder: data, clock: new ManualClock(NOW), threads: 1, durability: 'process'});
  await prepareSources(runtime, 4_400, () => {});
  await ingestHistory(runtime, project.sources);
  const [model] = project.models;
  const asOf = {from: 0, asOf: NOW, createdAt: NOW, retrain: null, warmStart: false};
  await buildVersion(runtime, model!, asOf);
  const {version} = await buildVersion(runtime, model!, asOf);
  await runtime.registry.promote(model!.name, 1, {at: NOW, reason: 'The first.'});
  const second = await runtime.registry.version(model!.name, version);
  const {artifact: _, version: __, status: ___, ...candidate} = second;
  await runtime.registry.register({...candidate, bytes: await runtime.registry.artifact(second), onnx: null});
}, 60_000);
afterAll(async () => {
  await runtime.close();
  rmSync(folder, {recursive: true});
});

/** A stand-in is enough where nothing is run: what modules answer is tested in test/export. */
const SCRIPT = 'var millrace={openModel:data=>({model:data.model})};';
const run = (target: string, out: string, more: Partial<ExportOptions> = {}) =>
  exportModel(runtime, {target, out: join(folder, out), runtime: SCRIPT, ...more});
const refused = (target: string, out: string, more: Partial<ExportOptions> = {}) =>
  run(target, out, more).then(
    () => null,
    ({code, message, fix}: {code: string; message: string; fix: string}) => ({code, message, fix}),
  );

describe('an export', () => {
  test.each([
    ['browser', ['demo.js', 'index.html', 'model.d.ts', 'model.js']],
    ['node', ['index.d.ts', 'index.js', 'package.json']],
    ['edge', ['worker.d.ts', 'worker.js']],
    ['onnx', ['punctuality-1.json', 'punctuality-1.onnx']],
    [
      'mlflow',
      ['MLmodel', 'conda.yaml', 'input_example.json', 'model.onnx', 'python_env.yaml', 'requirements.txt'].concat(
        'serving_input_example.json',
        'vocabularies.json',
      ),
    ],
  ])('for %s writes a folder of the version in production', async (target, names) => {
    const report = await run(target, `all/${target}`);
    expect(report).toMatchObject({model: 'punctuality', version: 1, target});
    expect(readdirSync(join(folder, 'all', target)).sort()).toEqual(names.sort());
    expect(report.files.map(({path, bytes}) => readFileSync(path).length === bytes)).not.toContain(false);
  });

  test('says what it is, on its first line, and is a module of its version', async () => {
    await run('node', 'second', {version: 2});
    const text = readFileSync(join(folder, 'second/index.js'), 'utf8');
    expect(text.split('\n')[0]).toMatch(
      /^\/\/ punctuality, version 2 \(\w+, trained on \d+ rows as known on 2024-01-05\)/,
    );
    const {model} = (await import(join(folder, 'second/index.js'))) as {model: string};
    expect(model).toBe('punctuality');
    const manifest = JSON.parse(readFileSync(join(folder, 'second/package.json'), 'utf8'));
    expect(manifest).toMatchObject({name: 'punctuality-model', version: '2.0.0', type: 'module'});
  });

  test('writes one file and its types where a file is named', async () => {
    await run('edge', 'files/late.mjs');
    await run('onnx', 'files/late.onnx');
    expect(readdirSync(join(folder, 'files')).sort()).toEqual(['late.d.mts', 'late.json', 'late.mjs', 'late.onnx']);
  });

  test('of ONNX is the registered file, with what its inputs mean', async () => {
    await run('onnx', 'registered.onnx');
    const onnx = readFileSync(join(folder, 'registered.onnx'));
    const version = await runtime.registry.version('punctuality', 1);
    expect(Uint8Array.from(onnx)).toEqual(await runtime.registry.onnx(version));
    const manifest = JSON.parse(readFileSync(join(folder, 'registered.json'), 'utf8'));
    expect(manifest).toMatchObject({
      model: 'punctuality',
      version: 1,
      sha256: version.artifact.onnxSha256,
      opsets: {'ai.onnx': 13, 'ai.onnx.ml': 3},
      inputs: [{name: 'input', datatype: 'FP32', shape: [-1, manifest.features.length]}],
      outputs: [{name: 'label'}, {name: 'probabilities', shape: [-1, 2]}],
    });
    const place = manifest.features.find(({name}: {name: string}) => name === 'place');
    expect(place).toMatchObject({kind: 'categorical', vocabulary: expect.arrayContaining(['k0'])});
  });

  test('for MLflow has one output, with the same predictions', async () => {
    const version = await runtime.registry.version('punctuality', 1);
    const predictor = loadModel(await runtime.registry.artifact(version));
    const {features, checks} = predictor.spec;
    const matrix = {
      rows: checks.rows.length,
      columns: features.map((_, f) => Float64Array.from(checks.rows, row => row[f] ?? Number.NaN)),
      names: features.map(({name}) => name),
      kinds: features.map(({kind}) => kind),
    };
    const found = await checkOnnx(exportOnnx(predictor, 'prediction'), matrix, predictor.predictBatch(matrix));
    expect(found.rows).toBe(checks.rows.length);
  });
});

describe('an export is refused', () => {
  test('for a target that there is not', async () => {
    expect(await refused('brwser', 'x')).toEqual({
      code: 'USAGE',
      message: "There is no export target 'brwser'.",
      fix: 'Did you mean browser?',
    });
  });

  test('into a folder that holds something, or over a file, unless it is wanted', async () => {
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full/mine.txt'), 'mine');
    writeFileSync(join(folder, 'mine.js'), 'mine');
    expect(await refused('node', 'full')).toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/is not empty\.$/),
    });
    expect(await refused('node', 'mine.js')).toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/there already\.$/),
    });
    expect(await refused('mlflow', 'mine.js')).toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/is a file\.$/),
    });
    expect(readFileSync(join(folder, 'mine.js'), 'utf8')).toBe('mine');
    expect(readdirSync(join(folder, 'full'))).toEqual(['mine.txt']);
    await run('node', 'full', {force: true});
    await run('node', 'mine.js', {force: true});
    expect(readFileSync(join(folder, 'full/mine.txt'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'mine.d.ts'))).toBe(true);
  });

  test('of a version that there is not, or that has no ONNX file', async () => {
    expect(await refused('node', 'x', {version: 9})).toMatchObject({code: 'VERSION_NOT_FOUND'});
    expect(await refused('node', 'x', {model: 'punctualty'})).toMatchObject({code: 'MODEL_NOT_FOUND'});
    expect(await refused('onnx', 'x', {version: 3})).toEqual({
      code: 'RECORD_NOT_FOUND',
      message: "Version 3 of 'punctuality' was registered without an ONNX export.",
      fix: 'Export another version, or train again.',
    });
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});
