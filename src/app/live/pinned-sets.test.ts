import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {
  type Aggregates,
  type FeatureSet,
  type FeatureView,
  featureSet,
  featureView,
  OnlineReader,
  use,
  type ViewUse,
} from '../../features/index.ts';
import {ManualClock, type Schema} from '../../protocol/index.ts';
import {loadProject} from '../project/load.ts';
import type {Project} from '../project/project.ts';
import {ingestHistory, prepareSources} from '../runtime/history.ts';
import {openRuntime} from '../runtime/open.ts';
import {buildVersion} from '../train/build-version.ts';
import {LivePlatform} from './live-platform.ts';

/** When the versions are trained; a little after the last event. */
const NOW = Date.UTC(2024, 0, 5, 12);
const LATER = NOW + 3 * 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'pinned-'));
let project: Project;
let changed: Project;

/** The project after somebody has edited what 'late' means. */
function edited({models: [model], ...others}: Project): Project {
  const [recent, load] = model!.features.views.map(({view}) => view) as [FeatureView, FeatureView];
  const now = featureView('recent', {
    from: recent.source,
    entity: recent.entity,
    keys: recent.keys as never,
    features: (a: Aggregates<Schema>) => ({
      late: a.share((a.col.delay as never as {gt(x: number): never}).gt(-1_000)).over('1h', '6h'),
      delay: a.mean('delay' as never).over('2h'),
      out: a.count().over('1h'),
    }),
  }) as unknown as FeatureView;
  const set = featureSet('atOrder', {
    request: model!.features.request,
    views: [use(now, {name: 'kitchen'}), use(load, {name: 'kitchen'})],
    derive: ((x: never) => {
      const {distance, at, kitchen} = x as {distance: never; at: {hour(zone: string): never}; kitchen: never};
      return {km: distance, hour: at.hour('Europe/Athens'), place: kitchen};
    }) as never,
  }) as unknown as FeatureSet;
  return {...others, views: [now, load], sets: [set], models: [{...model!, features: set}]};
}

const open = async (of: Project, now: number) => {
  const runtime = await openRuntime(of, {folder, clock: new ManualClock(now), threads: 1, durability: 'process'});
  return {runtime, platform: await LivePlatform.open(runtime, {training: 'poll'})};
};

beforeAll(async () => {
  project = await loadProject(resolve(import.meta.dirname, '../../../test/projects/couriers'));
  changed = edited(project);
  const runtime = await openRuntime(project, {folder, clock: new ManualClock(NOW), threads: 1, durability: 'process'});
  await prepareSources(runtime, 4_400, () => {});
  await ingestHistory(runtime, project.sources);
  const [model] = project.models;
  const asOf = {from: 0, asOf: NOW, createdAt: NOW, retrain: null, warmStart: false};
  const {version} = await buildVersion(runtime, model!, asOf);
  await runtime.registry.promote(model!.name, version, {at: NOW, reason: 'The first.'});
  await runtime.close();
}, 60_000);
afterAll(() => rmSync(folder, {recursive: true}));

test('a version goes on with the features that it was trained with, beside a definition that has changed', async () => {
  const kitchens = ['k0', 'k1', 'k2', 'none'];
  const ask = (platform: LivePlatform) =>
    kitchens.map(kitchen => platform.models[0]!.predict({kitchen, distance: 3}, `p-${kitchen}`));

  const before = await open(project, LATER);
  const first = ask(before.platform);
  await before.platform.checkpoint();
  await before.runtime.close();

  const after = await open(changed, LATER);
  const second = ask(after.platform);
  expect(second.map(p => p.prediction)).toEqual(first.map(p => p.prediction));
  expect(second.map(p => p.features)).toEqual(first.map(p => p.features));
  expect(after.platform.events.executor.views.map(({view}) => view.name).sort()).toEqual(['load', 'recent', 'recent']);

  // What is trained now has the new definition, and both answer side by side in a rollout.
  const {runtime, platform} = after;
  const [model] = changed.models;
  const asOf = {from: 0, asOf: NOW, createdAt: NOW, retrain: null, warmStart: false};
  const {version} = await buildVersion(runtime, model!, asOf);
  const plan = await runtime.registry.plan(model!.name);
  const arms = [
    {role: 'champion' as const, version: plan!.arms[0]!.version, share: 0.5},
    {role: 'canary' as const, version, share: 0.5},
  ];
  await platform.models[0]!.usePlan({...plan!, revision: plan!.revision + 1, arms});
  const names = model!.features.features.map(f => f.name);
  const roles = new Map<string, unknown>();
  for (let i = 0; i < 60; i++) {
    const served = platform.models[0]!.predict({kitchen: 'k1', distance: 3}, `unit-${i}`);
    roles.set(served.role, served.features[names.indexOf('late_6h')]);
    const [shadow] = platform.models[0]!.service.shadows(served);
    expect(shadow!.version).toBe(served.role === 'champion' ? version : plan!.arms[0]!.version);
  }
  expect(roles.get('canary')).toBe(1);
  expect(roles.get('champion')).toBe(first[1]!.features[names.indexOf('late_6h')]);
  expect(roles.get('champion')).toBeLessThan(1);
  await runtime.close();
});

test('a version that was trained with a live view reads it live, where the project reads it as of cuts now', async () => {
  const [model] = project.models;
  const [recent, load] = model!.features.views as [ViewUse, ViewUse];
  const features = {
    ...model!.features,
    views: [{...recent, ...use(recent.view, recent.fields, {refresh: '6h'})}, load],
  };
  const {runtime, platform} = await open({...project, sets: [features], models: [{...model!, features}]}, LATER);
  expect(platform.refreshed.status().map(({view, read}) => [view.name, read!.cut])).toEqual([['recent', NOW]]);
  expect(platform.events.executor.views.map(({view}) => view.name)).toContain('recent');
  const request = {kitchen: 'k1', distance: 3};
  const live = new OnlineReader(model!.features, platform.events.executor).read(request, LATER);
  expect(platform.models[0]!.predict(request, 'p').features).toEqual(live);
  expect(platform.reader(features).read(request, LATER)).not.toEqual(live);
  await runtime.close();
});

test('a version of another release is served with its own definitions as this one computes them, and is named', async () => {
  const runtime = await openRuntime(changed, {
    folder,
    clock: new ManualClock(LATER),
    threads: 1,
    durability: 'process',
  });
  const kept = await runtime.metadata.list('definition-version', {order: 'oldest'});
  const row = kept.find(({value}) => (value as {name: string}).name === 'recent');
  const {definition, ...others} = row!.value as {definition: {features: {window: string}[]}};
  // As another release would have kept it: this one does not give it the version under which it is kept.
  const features = definition.features.map(feature => ({...feature, made: 'by another release'}));
  await runtime.metadata.write([
    {...row!, expected: row!.revision, value: {...others, definition: {...definition, features}} as never},
  ]);
  const platform = await LivePlatform.open(runtime, {training: 'poll'});
  expect(platform.problems).toEqual([
    "Version 1 of 'punctuality' is served with its own definitions as this release computes them, which is not as it was trained.",
  ]);
  const late = changed.sets[0]!.features.findIndex(({name}) => name === 'late_6h');
  // Of the edited definition it would be 1.
  expect(platform.models[0]!.predict({kitchen: 'k1', distance: 3}, 'p').features[late]).toBeLessThan(1);
  await runtime.close();
});
