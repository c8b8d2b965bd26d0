import {mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {type BuiltIn, readOnnx, recognise} from '../../models/index.ts';
import {ManualClock, type Tensor} from '../../protocol/index.ts';
import {fixedValue, servingPolicy} from '../../serving/index.ts';
import type {MetadataStore} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {checkProject} from '../check/check-project.ts';
import {collectProject} from '../project/project.ts';
import type {AnsweredRows} from './answered-rows.ts';
import {differenceFromRuntime} from './compare-built-in.ts';
import {importedModel} from './imported-model.ts';
import {ImportedModels} from './imported-models.ts';
import {importedVersions} from './imported-versions.ts';
import {linearFile, networkFile, stumpFile} from './onnx-files.fixture.ts';

let folder = '';
let metadata: MetadataStore;
let clock = new ManualClock(1_000);
const open: ImportedModels[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imported-'));
  clock = new ManualClock(1_000);
  metadata = await openLibsql(join(folder, 'metadata.db'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(models => models.close()));
  await metadata.close();
  rmSync(folder, {recursive: true});
});

const put = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes);
async function serve(
  definitions: Parameters<typeof ImportedModels.open>[0],
  more: Partial<Parameters<typeof ImportedModels.open>[1]> = {},
): Promise<ImportedModels> {
  const models = await ImportedModels.open(definitions, {folder, metadata, clock, threads: 1, ...more});
  open.push(models);
  return models;
}
const matrix = (rows: readonly (readonly number[])[]): Tensor => ({
  name: 'x',
  datatype: 'FP32',
  shape: [rows.length, rows[0]!.length],
  data: Float32Array.from(rows.flat()),
});
const numbers = (tensor: Tensor | undefined): number[] => [...(tensor!.data as Float32Array)];

describe('imported models', () => {
  test('trees answer in place, anything else in ONNX Runtime, and notes say why', async () => {
    put('trees.onnx', stumpFile(0.5, [1, 2]));
    put('network.onnx', networkFile());
    const models = await serve([
      importedModel('trees', {from: 'trees.onnx'}),
      importedModel('network', {from: 'network.onnx'}),
    ]);
    expect(models.index()).toEqual([
      {name: 'network', version: '1', state: 'READY', reason: ''},
      {name: 'trees', version: '1', state: 'READY', reason: ''},
    ]);
    const trees = models.model('trees');
    expect([trees.platform, trees.inputs, trees.outputs]).toEqual([
      'millrace',
      [{name: 'x', datatype: 'FP32', shape: [-1, 2]}],
      [{name: 'y', datatype: 'FP32', shape: [-1, 1]}],
    ]);
    const {outputs} = await trees.infer({
      inputs: [
        matrix([
          [0.5, 0],
          [0.6, 0],
          [Number.NaN, 0],
        ]),
      ],
    });
    expect(numbers(outputs[0])).toEqual([1, 2, 2]);
    const network = models.model('network', '1');
    expect(network.platform).toBe('onnxruntime_onnx');
    expect((await network.infer({inputs: [matrix([[0, 0]])]})).outputs[0]!.shape).toEqual([1, 2]);
    expect(models.notes('network')).toEqual([
      'Evaluated by ONNX Runtime: it holds no tree ensemble and no linear model.',
    ]);
  });

  test('a batch larger than a turn gives what its rows give', async () => {
    put('linear.onnx', linearFile());
    const model = (await serve([importedModel('linear', {from: 'linear.onnx'})])).model('linear');
    const rows = Array.from({length: 10_000}, (_, i) => [i % 97, i % 13]);
    const {outputs} = await model.infer({inputs: [matrix(rows)]});
    expect(outputs[0]!.shape).toEqual([10_000, 1]);
    expect(numbers(outputs[0])).toEqual(rows.map(([a, b]) => Math.fround(2 * a! - b! + 0.5)));
  });

  test('a conversion that ONNX Runtime does not agree with is not used', async () => {
    const bytes = stumpFile(0.5, [1, 2]);
    const builtIn = recognise(readOnnx(bytes)).builtIn!;
    expect(await differenceFromRuntime(builtIn, bytes)).toBe(null);
    const off = recognise(readOnnx(stumpFile(0.5, [1, 2.00001]))).builtIn!;
    expect(await differenceFromRuntime(off, bytes)).toMatch(/'y' of random row \d+ is 2\.0000\d+ here and 2 there/);
    const beside: BuiltIn = recognise(readOnnx(stumpFile(Math.fround(0.5000001), [1, 2]))).builtIn!;
    expect(await differenceFromRuntime(beside, bytes), 'a threshold one float32 away').not.toBe(null);
  });

  test('a new file takes over between two requests, under the next number', async () => {
    put('m.onnx', stumpFile(0.5, [1, 2]));
    const models = await serve([importedModel('m', {from: 'm.onnx'})]);
    const ask = async () => numbers((await models.model('m').infer({inputs: [matrix([[0, 0]])]})).outputs[0])[0];
    const held = models.model('m');
    put('m.onnx', networkFile());
    clock.advanceTo(2_000);
    let answered = 0;
    const asking = (async () => {
      for (let i = 0; i < 200; i++, answered++) {
        expect([1, 0.5]).toContain(await ask());
        await turn();
      }
    })();
    await models.load('m');
    await asking;
    expect(answered).toBe(200);
    expect([models.model('m').version, models.versions('m')]).toEqual(['2', ['2']]);
    expect(numbers((await held.infer({inputs: [matrix([[0, 0]])]})).outputs[0]), 'whoever had it in hand').toEqual([1]);
    expect(() => models.model('m', '1')).toThrow(/no version 1 in memory/);
    put('m.onnx', stumpFile(0.5, [1, 2]));
    await models.load('m');
    expect(models.model('m').version, 'a content that comes back has its number back').toBe('1');
    expect((await importedVersions(metadata, 'm')).map(({version, at}) => [version, at])).toEqual([
      [1, 1_000],
      [2, 2_000],
    ]);
  });

  test('a file that cannot be loaded leaves the old one, and says why', async () => {
    put('m.onnx', stumpFile(0.5, [1, 2]));
    const models = await serve([importedModel('m', {from: 'm.onnx'}), importedModel('gone', {from: 'gone.onnx'})]);
    expect(models.index()[0]).toMatchObject({
      name: 'gone',
      state: 'UNAVAILABLE',
      reason: expect.stringMatching(/cannot be read/),
    });
    expect(() => models.model('gone')).toThrow(expect.objectContaining({code: 'NOT_READY'}));
    put('m.onnx', Buffer.from('not a model'));
    await expect(models.load('m')).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(/'m' was not loaded: .* Version 1 goes on answering/),
    });
    expect(models.index()[1]).toEqual({name: 'm', version: '1', state: 'READY', reason: ''});
    expect((await models.model('m').infer({inputs: [matrix([[0, 0]])]})).outputs).toHaveLength(1);
  });

  test('an unloaded model answers nothing until it is loaded again', async () => {
    put('m.onnx', stumpFile(0.5, [1, 2]));
    const models = await serve([importedModel('m', {from: 'm.onnx'})]);
    await models.unload('m');
    expect(() => models.model('m')).toThrow(
      expect.objectContaining({code: 'NOT_READY', message: expect.stringMatching(/unloaded/)}),
    );
    expect([models.index()[0]!.state, models.versions('m')]).toEqual(['UNAVAILABLE', []]);
    await models.load('m');
    expect(models.model('m').version).toBe('1');
    await expect(models.load('n')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      fix: expect.stringMatching(/did you mean m/),
    });
  });

  test('a file outside the project is refused, behind a link as well', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    writeFileSync(join(elsewhere, 'm.onnx'), stumpFile(0.5, [1, 2]));
    symlinkSync(join(elsewhere, 'm.onnx'), join(folder, 'link.onnx'));
    symlinkSync(elsewhere, join(folder, 'models'));
    const models = await serve([
      importedModel('link', {from: 'link.onnx'}),
      importedModel('within', {from: 'models/m.onnx'}),
    ]);
    for (const {state, reason} of models.index())
      expect([state, reason]).toEqual(['UNAVAILABLE', expect.stringMatching(/outside the folder/)]);
    rmSync(elsewhere, {recursive: true});
  });

  test('tells the log every row with its prediction, after the answer', async () => {
    put('network.onnx', networkFile());
    const told: AnsweredRows[] = [];
    const definition = importedModel('network', {from: 'network.onnx', columns: ['miles', 'hour']});
    const models = await serve([definition], {onAnswered: answered => told.push(answered)});
    const {outputs} = await models.model('network').infer({
      id: 'r1',
      inputs: [
        matrix([
          [1, 2],
          [3, Number.NaN],
        ]),
      ],
    });
    expect(told).toEqual([]);
    await turn();
    const [answered] = told as [AnsweredRows];
    const second = numbers(outputs[0]).filter((_, i) => i % 2 === 1);
    expect(answered).toMatchObject({
      model: 'network',
      version: 1,
      id: 'r1',
      columns: ['miles', 'hour'],
      rows: [Float64Array.of(1, 2), Float64Array.of(3, Number.NaN)],
      predictions: Float64Array.from(second),
    });
    expect(answered.latencyUs).toBeGreaterThan(0);
  });
});

describe('the definition of an imported model', () => {
  test('refuses a file outside, columns that share a name, and fallbacks that need features', () => {
    const serving = servingPolicy({fallback: [{kind: 'simpler', model: 'small'}, fixedValue(0)]});
    for (const [options, message] of [
      [{from: '../m.onnx'}, /no \.onnx file inside/],
      [{from: '/m.onnx'}, /no \.onnx file inside/],
      [{from: 'm.bin'}, /no \.onnx file inside/],
      [{from: 'm.onnx', columns: ['a', 'a']}, /share a name/],
      [{from: 'm.onnx', serving}, /'simpler' needs features/],
    ] as const)
      expect(() => importedModel('m', options)).toThrow(message);
  });

  test('is found among the exports of a project, and its file is checked', async () => {
    put('good.onnx', stumpFile(0.5, [1, 2]));
    put('bad.onnx', Buffer.from('nothing'));
    const project = collectProject('shop', folder, {
      good: importedModel('good', {from: 'good.onnx'}),
      bad: importedModel('bad', {from: 'bad.onnx'}),
      gone: importedModel('gone', {from: 'gone.onnx'}),
    });
    expect(project.imported.map(({name}) => name)).toEqual(['good', 'bad', 'gone']);
    const findings = await checkProject(project, {folder});
    expect(findings.map(({check, subject}) => [check, subject])).toEqual([
      ['imported-file', 'imported model bad'],
      ['imported-file', 'imported model gone'],
    ]);
  });

  test('a number of columns that the model does not have is refused when it is loaded', async () => {
    put('m.onnx', stumpFile(0.5, [1, 2]));
    const models = await serve([importedModel('m', {from: 'm.onnx', columns: ['only']})]);
    expect(models.index()[0]!.reason).toMatch(/1 columns are named, but the model's inputs are \[-1,2\]/);
  });
});
