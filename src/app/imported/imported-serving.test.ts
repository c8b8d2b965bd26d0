import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {PredictionLog} from '../../logs/index.ts';
import {ManualClock, type Tensor} from '../../protocol/index.ts';
import {fixedValue, lastPrediction, type ServingPolicyInput, servingPolicy} from '../../serving/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {collectProject} from '../project/project.ts';
import {importedModel} from './imported-model.ts';
import {ImportedServing} from './imported-serving.ts';
import {columnsFile, linearFile, networkFile, stumpFile} from './onnx-files.fixture.ts';
import {predictInstances} from './predict-instances.ts';

let folder = '';
const closing: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imported-serving-'));
  writeFileSync(join(folder, 'linear.onnx'), linearFile());
  writeFileSync(join(folder, 'stump.onnx'), stumpFile(0.5, [0.125, 0.75]));
  writeFileSync(join(folder, 'network.onnx'), networkFile());
  writeFileSync(join(folder, 'columns.onnx'), columnsFile());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, {recursive: true});
});

async function opened(
  from: string,
  policy: ServingPolicyInput = {},
  now?: () => number,
  columns: string[] | null = ['a', 'b'],
) {
  const model = importedModel('scores', {from, ...(columns ? {columns} : {}), serving: servingPolicy(policy)});
  const metadata = await openLibsql(join(folder, 'metadata.db'));
  closing.push(() => metadata.close());
  const log = await openSegmentLog(join(folder, 'predictions'), {durability: 'process'});
  closing.push(() => log.close());
  const predictions = new PredictionLog(log);
  const clock = new ManualClock(7_000);
  const project = collectProject('test', folder, {model});
  const serving = await ImportedServing.open({project, metadata, clock, predictions, threads: 1}, now);
  closing.push(() => serving.close());
  const predict = (...instances: unknown[]) => predictInstances(serving, 'scores', {instances}, {at: 7_000});
  const logged = async () => {
    await turn();
    await predictions.flush();
    const rows: unknown[] = [];
    for await (const {ids, predictions: scores, levels, versions, features} of predictions.served('scores'))
      ids.forEach((id, i) => {
        rows.push({id, score: scores[i], level: levels[i], version: versions[i], a: features.a![i], b: features.b![i]});
      });
    return rows;
  };
  return {serving, predict, logged};
}
const tensor = (...rows: (readonly [number, number])[]): Tensor => ({
  name: 'x',
  datatype: 'FP32',
  shape: [rows.length, 2],
  data: Float32Array.from(rows.flat()),
});

describe('instances of an imported model', () => {
  test('are objects or lists, are answered in order, and stand in the prediction log', async () => {
    const {predict, logged, serving} = await opened('linear.onnx');
    const {model, predictions} = await predict({a: 1, b: 2, id: 'mine'}, [3, 4]);
    expect(model).toBe('scores');
    expect(predictions).toMatchObject([
      {id: 'mine', prediction: 0.5, version: 1, level: 'model', at: 7_000},
      {prediction: 2.5},
    ]);
    expect(await logged()).toMatchObject([
      {score: 0.5, a: 1, b: 2, level: 'model', version: 1},
      {score: 2.5, a: 3, b: 4},
    ]);
    expect(serving.status()).toMatchObject([{model: 'scores', ready: true, version: 1, predictions: 2, unlogged: 0}]);
  });

  test('may miss numbers where the model takes them missing', async () => {
    const {predict} = await opened('stump.onnx');
    const {predictions} = await predict({a: 0.5, b: null}, [null, 0]);
    expect(predictions.map(p => p.prediction)).toEqual([0.125, 0.75]);
  });

  test.each([
    ['a column too few', [{a: 1}], "'b' is missing."],
    ['a stranger', [{a: 1, b: 2, c: 3}], "'c' is no column of this model."],
    ['a text', [{a: 'one', b: 2}], '\'a\' is "one".'],
    ['a list too long', [[1, 2, 3]], 'It holds 3 values.'],
    ['nothing', [null], 'It is neither an object nor a list.'],
    ['no instances', [], "'instances' holds 0."],
    ['an id that is none', [{a: 1, b: 2, id: 7}], 'instances[0].id is 7.'],
  ])('refuses %s', async (_, instances, message) => {
    const {predict} = await opened('linear.onnx');
    await expect(predict(...instances)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: expect.stringContaining(message),
    });
  });
});

describe('integers of an imported model', () => {
  test('are taken whole or not at all; its columns may have any name', async () => {
    const {predict} = await opened('columns.onnx', {}, undefined, null);
    const {predictions} = await predict({id: 3, constructor: 0.5}, [true, 2]);
    expect(predictions.map(p => p.prediction)).toEqual([3.5, 3]);
    const refused = predict(
      {id: 1.5, constructor: 1},
      {id: null, constructor: 1},
      {id: 2 ** 53, constructor: 1},
      {id: 1},
    );
    await expect(refused).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message:
        "The request cannot be answered: 'id' is 1.5. 'id' is null. 'id' is 9007199254740992. 'constructor' is missing.",
    });
  });
});

describe('an imported model behind its policy', () => {
  test('answers from its cache, and logs that it did', async () => {
    let now = 0;
    const {predict, logged} = await opened('linear.onnx', {cache: {for: '1s'}}, () => now);
    const levels = async () => (await predict({a: 1, b: 2})).predictions[0]!.level;
    expect([await levels(), await levels()]).toEqual(['model', 'cached']);
    now = 1_000;
    expect(await levels()).toBe('model');
    expect((await logged()).map(row => (row as {level: string}).level)).toEqual(['model', 'cached', 'model']);
  });

  test('that is too slow is answered for: first by what it said before, then by a value in the shape of an answer', async () => {
    // A clock that leaps: everything that takes a while takes too long.
    let now = 0;
    const policy: ServingPolicyInput = {deadline: '10s', fallback: [lastPrediction({maxAge: '1h'}), fixedValue(0.25)]};
    const {serving, predict} = await opened('network.onnx', policy, () => now);
    const model = serving.models.model('scores');
    const [first] = (await model.infer({inputs: [tensor([1, 2])]})).outputs;
    const late = (...rows: Parameters<typeof tensor>) => model.infer({inputs: [tensor(...rows)], timeoutMs: 0});
    const last = await late([1, 2]);
    expect(last.parameters).toEqual({level: 'last'});
    expect(last.outputs).toEqual([first]);
    const value = await late([5, 5], [6, 6]);
    expect(value.parameters).toEqual({level: 'value'});
    expect(value.outputs).toMatchObject([{shape: [2, 2], data: Float32Array.of(0.75, 0.25, 0.75, 0.25)}]);
    now = 1;
    expect((await predict([1, 1])).predictions[0]!.level).toBe('model');
    await turn();
    const [status] = serving.status();
    expect(status!.levels[0]).toMatchObject({level: 'model', skipped: {timeout: 2}});
    expect(status!.answeredBy).toMatchObject({last: 1, value: 2});
  });

  test('counts what it could not answer, with a policy and without', async () => {
    for (const policy of [{}, {cache: {for: '1s'}} as const]) {
      const {serving} = await opened('linear.onnx', policy);
      const ask = () => serving.models.model('scores').infer({inputs: []});
      await expect(ask()).rejects.toMatchObject({code: 'REQUEST_INVALID'});
      await expect(ask()).rejects.toMatchObject({code: 'REQUEST_INVALID'});
      expect(serving.status()[0]!.errors).toBe(2);
      for (const close of closing.splice(0).reverse()) await close();
    }
  });

  test('without a fallback is the model itself', async () => {
    const {serving} = await opened('linear.onnx');
    expect(serving.models.model('scores')).toBe(serving.version('scores'));
    expect(serving.status()[0]!.levels).toEqual([]);
  });
});
