import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {rocAuc} from '../../math/index.ts';
import type {ModelVersion} from '../../protocol/index.ts';
import {gradientBoostedTrees} from '../../training/index.ts';
import {couriers, NOW, openAt} from '../batch/batch.fixture.ts';
import {ingestHistory, prepareSources} from '../runtime/history.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {buildVersion} from './build-version.ts';
import {loadReferenceRows} from './reference-rows.ts';

let folder: string;
let runtime: Runtime;
let version: ModelVersion;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reference-rows-'));
  runtime = await openAt(await couriers(), folder, NOW, 1);
  const definition = {...runtime.project.models[0]!, trainers: [gradientBoostedTrees({trees: 10, leaves: 7})]};
  await prepareSources(runtime, 4_400, () => {});
  await ingestHistory(runtime, runtime.project.sources);
  const options = {from: 0, asOf: NOW, createdAt: NOW, retrain: null, warmStart: false};
  version = await buildVersion(runtime, definition, options);
});
afterAll(async () => {
  await runtime.close();
  rmSync(folder, {recursive: true});
});

test('a version keeps the rows of its test split, with its scores and the labels', async () => {
  const rows = (await loadReferenceRows(runtime, version.model, version.version))!;
  expect(rows.names).toEqual(version.features.map(({name}) => name));
  expect(rows.of).toBe(version.metrics.rows);
  expect(rows.rows).toBe(Math.min(10_000, rows.of));
  expect(rocAuc(rows.scores, rows.labels)).toBeCloseTo(version.metrics.auc!, 12);
});

test('versions of earlier releases have none', async () => {
  await runtime.objects.remove(`profiles/${version.model}/${version.version}.rows`);
  expect(await loadReferenceRows(runtime, version.model, version.version)).toBeNull();
});
