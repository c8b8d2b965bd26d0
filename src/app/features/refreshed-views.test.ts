// A project whose kitchens are known as of cuts, lived through on a simulated clock: what is served is what is trained on.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {
  computeFeatures,
  featureSet,
  type RefreshOptions,
  type SpineRows,
  use,
  withSpine,
} from '../../features/index.ts';
import {ManualClock} from '../../protocol/index.ts';
import {checkConsistency} from '../consistency/check-consistency.ts';
import {eraseEverywhere} from '../data/erase-everywhere.ts';
import {LivePlatform} from '../live/live-platform.ts';
import {REQUEST_PREFIX} from '../live/logged-request.ts';
import {loadProject} from '../project/load.ts';
import type {Project} from '../project/project.ts';
import {replay} from '../replay/replay.ts';
import {ingestHistory, prepareSources} from '../runtime/history.ts';
import {openRuntime} from '../runtime/open.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {buildVersion} from '../train/build-version.ts';
import {readFeatures} from './read-features.ts';
import {RefreshedViews} from './refreshed-views.ts';
import {whyValue} from './why-value.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2024, 0, 1);
const MIDPOINT = START + 2 * DAY;

const folder = mkdtempSync(join(tmpdir(), 'refreshed-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** The couriers, with what has been delivered known as of cuts, and the load of the kitchen live. */
async function couriers(recent: RefreshOptions, load?: RefreshOptions): Promise<Project> {
  const project = await loadProject(resolve(import.meta.dirname, '../../../test/projects/couriers'));
  const [definition] = project.models;
  const {views, request, name} = definition!.features;
  const features = featureSet(name, {
    request,
    views: [use(views[0]!.view, views[0]!.fields, recent), use(views[1]!.view, views[1]!.fields, load)],
    derive: x => ({km: x.distance!, hour: x.at.hour('Europe/Athens'), place: x.kitchen!}) as never,
  });
  return {
    ...project,
    sets: [features],
    models: [{...definition!, features, trainers: [definition!.trainers[0]!], retrain: null}],
  };
}

const open = (project: Project, data: string, clock: ManualClock): Promise<Runtime> =>
  openRuntime(project, {folder: join(folder, data), clock, threads: 1, durability: 'process'});

/** A version trained on the first half, and the second half lived through. */
async function livedThrough(project: Project, data: string) {
  const clock = new ManualClock(0);
  const runtime = await open(project, data, clock);
  await prepareSources(runtime, 3_000, () => {});
  clock.advanceTo(MIDPOINT);
  await ingestHistory(runtime, project.sources, {until: MIDPOINT});
  const definition = project.models[0]!;
  const version = await buildVersion(runtime, definition, {
    from: START,
    asOf: MIDPOINT,
    createdAt: MIDPOINT,
    retrain: null,
    warmStart: false,
  });
  await runtime.registry.promote(definition.name, version.version, {at: MIDPOINT, reason: 'test'});
  const platform = await LivePlatform.open(runtime, {training: 'wait'});
  const {predictions} = await replay(platform, {clock, from: MIDPOINT, httpEvery: 0});
  return {clock, runtime, platform, definition, version, predictions};
}

describe.each([
  {name: 'with a delay', recent: {refresh: '6h', delay: '1h'}, load: undefined},
  {
    name: 'without one, between the hours, and nothing live',
    recent: {refresh: '100m'},
    load: {refresh: '3h', delay: '7m'},
  },
] as const)('served as of cuts, $name', ({name, recent, load}) => {
  let lived: Awaited<ReturnType<typeof livedThrough>>;
  beforeAll(async () => {
    lived = await livedThrough(await couriers(recent, load), name.replaceAll(/\W/g, ''));
  });
  afterAll(() => lived.runtime.close());

  test('nothing that was served differs from what the log gives, or from a training set', async () => {
    const {runtime, definition, predictions, version} = lived;
    const {features: set} = definition;
    expect(version.dataset.leakage.filter(({severity}) => severity === 'block')).toEqual([]);
    expect(version.dataset.leakage.length).toBeGreaterThan(5);
    expect(await checkConsistency(runtime, definition)).toMatchObject({predictions, mismatches: 0});
    expect(predictions).toBeGreaterThan(500);
    const spine: SpineRows[] = [];
    const served: Record<string, unknown[]> = Object.fromEntries(set.features.map(feature => [feature.name, []]));
    for await (const {count, at, features} of runtime.predictions.served(definition.name)) {
      const request = Object.fromEntries(Object.keys(set.request).map(f => [f, features[`${REQUEST_PREFIX}${f}`]!]));
      // A row of a training set sees all of the log.
      spine.push({count, q: at, positions: new Float64Array(count).fill(Number.NaN), request});
      for (const feature of Object.keys(served)) served[feature]!.push(...features[feature]!);
    }
    const relation = (stream: string) => runtime.archive.relation(stream);
    const {sql} = runtime;
    const trained = await withSpine({sql, folder}, set.request, spine, made =>
      computeFeatures(set, made, {sql, relation}),
    );
    for (const feature of Object.keys(served)) expect([...trained[feature]!], feature).toEqual(served[feature]);
    const queue = served.out_1h as number[];
    expect(new Set(queue).size).toBeGreaterThan(3);
  });

  test('only what is read live is kept live', () => {
    const {platform} = lived;
    expect(platform.events.executor.views.map(({view}) => view.name)).toEqual(load ? [] : ['load']);
    expect(platform.events.executor.position).toBe(platform.runtime.log.end());
    expect(platform.refreshed.status().map(({view}) => view.name)).toEqual(load ? ['recent', 'load'] : ['recent']);
  });

  test('where a cut is late the last one answers, is said to be stale, and differs from the log', async () => {
    const {platform, clock, runtime, definition} = lived;
    const [use] = definition.features.views;
    const {everyMs, delayMs} = use!.refresh!;
    const instance = {kitchen: 'soup', distance: 3};
    const read = async () =>
      (await readFeatures(platform, 'atOrder', {entities: [instance], freshness: true})).freshness![0]!;
    const before = clock.now();
    const cut = Math.ceil((before + 1) / everyMs) * everyMs;
    for (const kitchen of ['soup', 'grill'])
      await platform.push('deliveries', [
        {orderId: `late-${kitchen}`, kitchen, delay: 1_000, deliveredAt: new Date(before).toISOString()},
      ]);
    clock.advanceTo(cut + delayMs - 1);
    expect(await read()).toMatchObject({cut: cut - everyMs, stale: false});
    clock.advanceTo(cut + delayMs);
    await platform.events.take(null, clock.now());
    expect(await read()).toMatchObject({cut: cut - everyMs, stale: true});
    expect(platform.model(definition.name).service.reader.isStale(clock.now())).toBe(true);
    platform.model(definition.name).predict(platform.model(definition.name).parse(instance, 'x'), 'stale');
    await platform.tick();
    expect(await read()).toMatchObject({cut, stale: false});
    const {mismatches, features} = await checkConsistency(runtime, definition, {from: before});
    expect(mismatches).toBeGreaterThan(0);
    expect(features.find(({feature}) => feature === 'late_6h')!.examples).toMatchObject([{id: 'stale'}]);
  });

  test('says what a value was computed from: the events before the cut', async () => {
    const {platform, clock, definition} = lived;
    const [use] = definition.features.views;
    const {refresh} = use!;
    const why = await whyValue(platform, 'atOrder', {feature: 'out_1h', entity: {kitchen: 'soup'}});
    const cut = Math.floor((clock.now() - refresh!.delayMs) / refresh!.everyMs) * refresh!.everyMs;
    expect(why.window).toMatchObject({from: cut - HOUR, to: cut, count: why.value});
    expect(why.definition).toMatch(/^count\(\) over 1h, as of the last cut of /);
  });
});

describe('refreshed views', () => {
  const set = async () => await couriers({refresh: '6h', delay: '1h'});
  const deliver = (runtime: Runtime, id: string, at: number, delay = 5) =>
    runtime.gate.push('deliveries', [{orderId: id, kitchen: 'soup', delay, deliveredAt: new Date(at).toISOString()}]);

  test('a cut is begun half of its delay after it, and read when the delay is over; a restart finds it', async () => {
    const project = await set();
    const clock = new ManualClock(START + 5 * HOUR);
    let runtime = await open(project, 'schedule', clock);
    await deliver(runtime, 'a', clock.now());
    let platform = await LivePlatform.open(runtime, {training: 'wait'});
    const cut = START + 6 * HOUR;
    expect(platform.refreshed.due).toBe(cut + HOUR / 2);
    clock.advanceTo(cut + HOUR / 2 - 1);
    await platform.tick();
    expect(platform.refreshed.status()[0]!.newest!.cut).toBe(cut - 6 * HOUR);
    clock.advanceTo(cut + HOUR / 2);
    await platform.tick();
    expect(platform.refreshed.status()[0]).toMatchObject({
      newest: {cut, keys: 1},
      read: {cut: cut - 6 * HOUR, stale: false},
    });
    await platform.checkpoint();
    await runtime.close();

    runtime = await open(project, 'schedule', clock);
    platform = await LivePlatform.open(runtime, {training: 'wait'});
    const soup = async () =>
      (await readFeatures(platform, 'atOrder', {entities: [{kitchen: 'soup'}], features: ['late_6h']})).values;
    expect(await soup()).toEqual([[null]]);
    clock.advanceTo(cut + HOUR);
    expect(await soup()).toEqual([[0]]);
    await runtime.close();
  });

  test('after a long stop the cut that is read is made first, then the one ahead', async () => {
    const project = await set();
    const clock = new ManualClock(START + 5 * HOUR);
    let runtime = await open(project, 'stopped', clock);
    await LivePlatform.open(runtime, {training: 'wait'});
    await runtime.close();
    clock.advanceTo(START + 3 * DAY + 40 * 60_000);
    runtime = await open(project, 'stopped', clock);
    const {refreshed} = await LivePlatform.open(runtime, {training: 'wait'});
    const [status] = refreshed.status();
    expect(status).toMatchObject({
      read: {cut: START + 3 * DAY - 6 * HOUR, stale: false},
      newest: {cut: START + 3 * DAY},
    });
    await runtime.close();
  });

  test('a cut that fails is told, tried again, and takes nothing away', async () => {
    const project = await set();
    const clock = new ManualClock(START + 5 * HOUR);
    const runtime = await open(project, 'failing', clock);
    await deliver(runtime, 'a', START + HOUR);
    clock.advanceTo(START + 8 * HOUR);
    const platform = await LivePlatform.open(runtime, {training: 'poll'});
    const {refreshed} = platform;
    await runtime.sql.close();
    clock.advanceTo(START + 13 * HOUR);
    await expect(refreshed.tick(clock.now())).rejects.toThrow(
      expect.objectContaining({
        code: 'STORE_FAILED',
        message: expect.stringContaining("The cut of 'recent' as of 2024-01-01T12"),
      }),
    );
    expect(refreshed.status()[0]).toMatchObject({
      failure: expect.stringContaining('could not be made'),
      read: {cut: START + 6 * HOUR, stale: true},
      due: clock.now() + 60_000,
    });
    expect(() => refreshed.begin(clock.now())).not.toThrow();
    const {values} = await readFeatures(platform, 'atOrder', {entities: [{kitchen: 'soup'}], features: ['late_6h']});
    expect(values).toEqual([[0]]);
    clock.advanceTo(clock.now() + 60_000);
    refreshed.begin(clock.now());
    await refreshed.stop();
    await runtime.close();
  });

  test('a cut forgets whose events are erased', async () => {
    const project = await set();
    const clock = new ManualClock(START + 5 * HOUR);
    const runtime = await open(project, 'erased', clock);
    for (const [id, delay] of [
      ['a', 5],
      ['b', 50],
    ] as const)
      await deliver(runtime, id, START + HOUR, delay);
    clock.advanceTo(START + 8 * HOUR);
    const late = async () => {
      const platform = await LivePlatform.open(runtime, {training: 'wait'});
      const {values} = await readFeatures(platform, 'atOrder', {entities: [{kitchen: 'soup'}], features: ['late_6h']});
      await platform.checkpoint();
      return values;
    };
    expect(await late()).toEqual([[0.5]]);
    await eraseEverywhere(runtime, [{stream: 'deliveries', key: {orderId: 'b'}}], {id: 'e1', by: 'test'});
    expect(await late()).toEqual([[0]]);
    await runtime.close();
  });

  test('views that are not read any more leave nothing behind', async () => {
    const project = await set();
    const clock = new ManualClock(START + 5 * HOUR);
    const runtime = await open(project, 'left', clock);
    await deliver(runtime, 'a', START + HOUR);
    clock.advanceTo(START + 8 * HOUR);
    await LivePlatform.open(runtime, {training: 'wait'});
    const entries = async () => {
      let n = 0;
      for await (const _ of runtime.online.scan('cut/')) n++;
      return n;
    };
    expect(await entries()).toBe(2);
    await (await RefreshedViews.open(runtime, [])).tick(clock.now());
    await runtime.cuts.removeGone();
    expect(await entries()).toBe(0);
    await runtime.close();
  });
});
