import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {type FeatureSet, featureSet, use} from '../../features/index.ts';
import {t} from '../../protocol/index.ts';
import {LivePlatform} from '../live/live-platform.ts';
import type {Project} from '../project/project.ts';
import {couriers, deploy, openAt, predictionsIn} from './batch.fixture.ts';
import {runBatch} from './run-batch.ts';

const folder = mkdtempSync(join(tmpdir(), 'batch-pinned-'));
afterAll(() => rmSync(folder, {recursive: true}));

/** The project after somebody has decided that kilometres count double. */
function edited({models: [model], ...others}: Project): Project {
  const views = model!.features.views.map(({view}) => use(view, {name: 'kitchen'}));
  const request = {kitchen: t.string, distance: t.number};
  const set = featureSet('atOrder', {
    request,
    views,
    derive: x => ({km: x.distance.times(2), hour: x.at.hour('Europe/Athens'), place: x.kitchen}),
  }) as unknown as FeatureSet;
  return {...others, sets: [set], models: [{...model!, features: set}]};
}

test('a version predicts with the features that it was trained with, as it does online', async () => {
  const project = await couriers();
  const first = await openAt(project, join(folder, 'data'));
  await deploy(first);
  await first.close();

  const runtime = await openAt(edited(project), join(folder, 'data'));
  const [model] = runtime.project.models;
  const requests = ['k0', 'k3', 'k7'].map(kitchen => ({kitchen, distance: 5.5}));
  const path = join(folder, 'requests.jsonl');
  writeFileSync(path, requests.map(request => JSON.stringify(request)).join('\n'));
  const out = join(folder, 'out');
  await runBatch(runtime, model!, {source: {kind: 'file', path}, out, features: true});
  const rows = await predictionsIn(runtime, out);
  expect(rows.map(row => row.km)).toEqual([5.5, 5.5, 5.5]);
  const platform = await LivePlatform.open(runtime, {training: 'poll'});
  const live = requests.map((request, i) => platform.model(model!.name).predict(request, `p${i}`));
  expect(rows.map(row => row.prediction)).toEqual(live.map(({prediction}) => prediction));
  await runtime.close();
}, 60_000);
