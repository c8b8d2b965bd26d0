import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {loadModel} from '../../models/index.ts';
import type {ModelVersion} from '../../protocol/index.ts';
import {gradientBoostedTrees} from '../../training/index.ts';
import {couriers, NOW, openAt} from '../batch/batch.fixture.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {ingestHistory, prepareSources} from '../runtime/history.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {buildVersion} from '../train/build-version.ts';
import {compressVersion} from './compress-version.ts';
import {compressionMethods, type MethodOptions} from './method.ts';

let folder: string;
let runtime: Runtime;
let definition: ModelDefinition;
let version: ModelVersion;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'compress-'));
  runtime = await openAt(await couriers(), folder, NOW, 2);
  const trees = gradientBoostedTrees({
    trees: 60,
    leaves: 15,
    learningRate: 0.1,
    minRowsInLeaf: 20,
    earlyStoppingRounds: 0,
  });
  definition = {...runtime.project.models[0]!, trainers: [trees]};
  await prepareSources(runtime, 4_400, () => {});
  await ingestHistory(runtime, runtime.project.sources);
  version = await buildVersion(runtime, definition, {
    from: 0,
    asOf: NOW,
    createdAt: NOW,
    retrain: null,
    warmStart: false,
  });
  await runtime.registry.promote(definition.name, version.version, {at: NOW, reason: 'The first.'});
});
afterAll(async () => {
  await runtime.close();
  rmSync(folder, {recursive: true});
});

const compress = (names: string, options: MethodOptions = {}, register = false) =>
  compressVersion(runtime, definition, {
    version,
    methods: compressionMethods(names, options),
    register,
    now: () => performance.now(),
  });

describe('a version made smaller', () => {
  test('is measured on the test split of its own training, overall and by slice', async () => {
    const {report, registered} = await compress('quantise-8');
    expect(registered).toBeNull();
    expect(report.sameData).toBe(true);
    expect(report.before.metrics).toEqual(version.metrics);
    expect(report.before.bytes).toBe(version.artifact.bytes);
    expect(report.after.bytes).toBeLessThan(report.before.bytes / 3);
    expect([report.before.kind, report.after.kind]).toEqual(['trees', 'quantised-trees']);
    for (const side of [report.before, report.after]) {
      expect(side.latency.rowUs).toBeGreaterThan(0);
      expect(side.latency.batchMs).toBeGreaterThan(side.latency.rowUs / 1_000);
    }
    const {mean, p99, max} = report.difference;
    expect(mean).toBeGreaterThan(0);
    expect(mean).toBeLessThan(p99);
    expect(max).toBeLessThan(0.02);
    expect(Math.abs(report.change.auc!.value)).toBeLessThan(0.01);
    const own = version.evaluation.candidates.find(({name}) => name === version.evaluation.chosen)!.slices;
    expect(report.slices.map(({feature, value, before}) => ({feature, value, metrics: before}))).toEqual(own);
    expect(report.slices.reduce((sum, {after}) => sum + after.rows, 0)).toBe(report.testRows);
  });

  test('comes nearer to it in 16 bits than in 8', async () => {
    const [coarse, fine] = [await compress('quantise-8'), await compress('quantise-16')];
    expect(fine.report.difference.max).toBeLessThan(coarse.report.difference.max / 50);
  });

  test('is pruned to a budget, or to what the validation loss allows', async () => {
    const {report} = await compress('prune', {trees: 10, leaves: 4});
    expect(report.steps).toEqual([{method: 'prune', parameters: {trees: 10, leaves: 40}}]);
    const tolerant = await compress('prune', {tolerance: 0.002});
    expect(tolerant.report.after.bytes).toBeLessThan(report.before.bytes);
    expect(tolerant.report.after.metrics.logLoss - report.before.metrics.logLoss).toBeLessThan(0.02);
  });

  test('is distilled into few small trees, which may be quantised in turn, or into a linear model', async () => {
    const {report} = await compress('distil,quantise-16', {trees: 10, leaves: 6, extraRows: 2_000});
    expect(report.steps.map(({method}) => method)).toEqual(['distil', 'quantise-16']);
    expect(report.after.bytes).toBeLessThan(report.before.bytes / 5);
    expect(report.change.auc!.value).toBeGreaterThan(-0.1);
    const linear = await compress('distil', {student: 'linear'});
    expect(linear.report.after.kind).toBe('linear');
    expect(linear.report.change.auc!.value).toBeGreaterThan(-0.15);
  });

  test('is registered through the same gates, with its parent, a profile and an ONNX export, and can be deployed', async () => {
    const {registered, report} = await compress('prune,quantise-8', {trees: 30}, true);
    const made = registered!;
    expect(made).toMatchObject({
      version: version.version + 1,
      algorithm: 'gradientBoostedTrees-prune-quantise-8',
      lineage: {parent: version.version, incumbent: version.version, retrain: null},
      dataset: version.dataset,
      metrics: report.after.metrics,
      parameters: {compression: [{method: 'prune'}, {method: 'quantise-8'}]},
    });
    expect(made.evaluation.gates.map(({gate}) => gate)).toEqual(version.evaluation.gates.map(({gate}) => gate));
    expect(made.evaluation.candidates.map(({name}) => name)).toContain('incumbent');
    expect(made.artifact.onnxMaxDifference).toBeLessThan(1e-6);
    const bytes = await runtime.registry.artifact(made);
    expect(loadModel(bytes).spec.kind).toBe('quantised-trees');
    const plan = await runtime.registry.promote(definition.name, made.version, {at: NOW, reason: 'Smaller.'});
    expect(plan.arms).toMatchObject([{version: made.version, role: 'champion'}]);
    // The next training does not try to add trees to a quantised model.
    const next = await buildVersion(runtime, definition, {
      from: 0,
      asOf: NOW,
      createdAt: NOW,
      retrain: null,
      warmStart: true,
    });
    expect(next.lineage).toMatchObject({incumbent: made.version, parent: null});
  });

  test('that fails its gates is registered as rejected', async () => {
    const strict = {...definition, gates: [{kind: 'at-least', metric: 'auc', value: 0.99} as const]};
    const {registered} = await compressVersion(runtime, strict, {
      version,
      methods: compressionMethods('quantise-8', {}),
      register: true,
      now: () => performance.now(),
    });
    expect(registered!.status).toBe('rejected');
  });

  test('is refused once its features have changed', async () => {
    const {featureSet} = version;
    const older = {...version, featureSet: {...featureSet!, version: 'of-another-day'}};
    await expect(
      compressVersion(runtime, definition, {
        version: older,
        methods: compressionMethods('quantise-8', {}),
        register: false,
        now: () => performance.now(),
      }),
    ).rejects.toMatchObject({code: 'DEFINITION_INVALID'});
  });
});
