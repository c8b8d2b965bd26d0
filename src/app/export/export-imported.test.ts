import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {ManualClock} from '../../protocol/index.ts';
import {openEvaluator} from '../imported/evaluator.ts';
import {importedModel} from '../imported/imported-model.ts';
import {linearFile, networkFile, stumpFile} from '../imported/onnx-files.fixture.ts';
import {collectProject} from '../project/project.ts';
import {openRuntime} from '../runtime/open.ts';
import type {Runtime} from '../runtime/runtime.ts';
import type {ExportedModel} from './edge/exported-model.ts';
import {openModel} from './edge/open-model.ts';
import {exportModel} from './export-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'export-imported-'));
const SCRIPT = 'var millrace={openModel:exported=>({model:exported})};';
const COLUMNS = ['a', 'b'];
let runtime: Runtime;

beforeAll(async () => {
  const files = {stump: stumpFile(2.5, [-1, 0.1]), linear: linearFile(), network: networkFile()};
  const models = Object.entries(files).map(([name, bytes]) => {
    writeFileSync(join(folder, `${name}.onnx`), bytes);
    return [
      name,
      importedModel(name, {from: `${name}.onnx`, ...(name === 'network' ? {} : {columns: COLUMNS})}),
    ] as const;
  });
  const odd = importedModel('odd', {from: 'linear.onnx', columns: ['at', 'b']});
  const project = collectProject('imported', folder, {...Object.fromEntries(models), odd});
  const data = join(folder, 'data');
  runtime = await openRuntime(project, {folder: data, clock: new ManualClock(0), threads: 1, durability: 'process'});
});
afterAll(async () => {
  await runtime.close();
  rmSync(folder, {recursive: true});
});

const run = (model: string, target: string, out: string, version?: number) =>
  exportModel(runtime, {model, target, out: join(folder, out), runtime: SCRIPT, ...(version ? {version} : {})});

describe('an imported model', () => {
  test.each(['stump', 'linear'])('that is one of our own (%s) answers in a module as on the server', async name => {
    await run(name, 'node', `${name}.mjs`);
    const {model} = (await import(join(folder, `${name}.mjs`))) as {model: ExportedModel};
    const edge = openModel(model, () => 0);
    const random = seededRandom(3);
    const rows = Array.from({length: 1_000}, () => [random() * 10 - 3, random() * 10 - 3] as const);
    const file = readFileSync(join(folder, `${name}.onnx`));
    const options = {columns: COLUMNS, batchRows: 64, batchWaitMs: 0, queue: 8, threads: 1};
    const evaluator = await openEvaluator(file, options);
    expect(evaluator.platform).toBe('millrace');
    const data = Float32Array.from(rows.flat());
    const tensor = {name: 'x', datatype: 'FP32' as const, shape: [rows.length, 2], data};
    const [answer] = await evaluator.run([tensor], {});
    await evaluator.close();
    const ours = Float32Array.from(rows, ([a, b]) => edge.predict({a, b}));
    expect(ours).toEqual(answer!.data);
    expect(new Set(ours).size).toBeGreaterThan(1);
    expect(() => edge.predict({a: 'x', b: 1})).toThrow('\'a\' is "x".');
  });

  test('that takes ONNX Runtime is refused as a module, and says what to do instead', async () => {
    await expect(run('network', 'browser', 'x')).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(/^'network' does not fit into a module\. Evaluated by ONNX Runtime: /),
      fix: expect.stringContaining('onnxruntime-web'),
    });
  });

  test('goes out as the file that it is, with its own inputs and outputs', async () => {
    const report = await run('network', 'onnx', 'out/net.onnx');
    expect(report).toMatchObject({model: 'network', version: 1});
    expect(readFileSync(join(folder, 'out/net.onnx'))).toEqual(readFileSync(join(folder, 'network.onnx')));
    expect(JSON.parse(readFileSync(join(folder, 'out/net.json'), 'utf8'))).toMatchObject({
      inputs: [{name: 'x', datatype: 'FP32', shape: [-1, 2]}],
      outputs: [{name: 'y', datatype: 'FP32', shape: [-1, 2]}],
    });
    await run('network', 'mlflow', 'flow');
    expect(readdirSync(join(folder, 'flow'))).not.toContain('input_example.json');
    expect(readFileSync(join(folder, 'flow/MLmodel'), 'utf8')).toContain(
      `inputs: '[{"name":"x","type":"tensor","tensor-spec":{"dtype":"float32","shape":[-1,2]}}]'`,
    );
  });

  test('is exported as its file is today, and under names that modules do not take', async () => {
    await expect(run('network', 'onnx', 'x', 7)).rejects.toMatchObject({code: 'VERSION_NOT_FOUND'});
    await expect(run('odd', 'node', 'x')).rejects.toMatchObject({
      code: 'DEFINITION_INVALID',
      message: "A request of 'odd' has a field 'at'.",
    });
  });
});
