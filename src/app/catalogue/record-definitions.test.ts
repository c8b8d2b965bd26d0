import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeEach, expect, test} from 'vitest';
import {type FeatureView, featureView, viewKey} from '../../features/index.ts';
import type {ModelVersion, ReleasePlan} from '../../protocol/index.ts';
import type {MetadataStore} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {airport, arrivals, late, projectOf, setOf, slowArrivals} from './catalogue.fixture.ts';
import {Catalogue, featureSetOf, viewsOf} from './catalogue.ts';
import {definitionDiff} from './definition-diff.ts';
import {definitionRecords} from './definition-records.ts';
import {recordDefinitions} from './record-definitions.ts';
import {storeSet} from './stored-set.ts';
import {storeView} from './stored-view.ts';
import type {ModelHistory} from './usage.ts';

const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
let metadata: MetadataStore;
let next = 0;
beforeEach(async () => {
  metadata = await openLibsql(join(folder, `${next++}.db`));
});
afterEach(() => metadata.close());
afterAll(() => rmSync(folder, {recursive: true}));

const slow = featureView('landed', {
  from: slowArrivals,
  entity: airport,
  keys: {code: 'code'},
  features: a => ({late: a.share(a.col.delay.gt(15)).over('1h', '6h', '24h')}),
});
const record = (view: FeatureView | null, now: number) =>
  recordDefinitions(metadata, {...projectOf(view ? [view] : []), sets: view ? [setOf(view)] : []}, now);

/** A model version that was trained with a view. */
const trained = (version: number, view: FeatureView, status: ModelVersion['status']): ModelVersion =>
  ({
    model: 'm',
    version,
    status,
    createdAt: version * 10,
    views: [{name: view.name, version: storeView(view).version}],
    featureSet: {name: 'atDeparture', version: storeSet(setOf(view)).version, definition: storeSet(setOf(view))},
  }) as unknown as ModelVersion;

const history = (versions: readonly ModelVersion[], champions: readonly number[] = []): ModelHistory => ({
  model: 'm',
  versions,
  plans: champions
    .map((version, i) => ({revision: i + 1, at: 100 * (i + 1), arms: [{version, role: 'champion', share: 1}]}))
    .reverse() as unknown as ReleasePlan[],
});

test('a changed meaning is a new version with its difference; the same meaning is none', async () => {
  expect((await record(late, 10)).map(v => [v.of, v.name, v.number, v.changes])).toEqual([
    ['view', 'landed', 1, []],
    ['feature-set', 'atDeparture', 1, []],
  ]);
  expect(await record(late, 20)).toEqual([]);
  const made = await record(slow, 30);
  expect(made.map(v => [v.name, v.number, v.firstSeenAt, v.changes.map(c => c.sentence)])).toEqual([
    ['landed', 2, 30, ['lateness of arrivals 24h → 48h', 'paid removed', 'median removed', 'window 24h added to late']],
    ['atDeparture', 2, 30, ['view landed: v1 became v2']],
  ]);
});

test('an older meaning that comes back has its number back; what is no longer defined is said to be gone', async () => {
  await record(late, 10);
  await record(slow, 20);
  expect(await record(late, 30)).toEqual([]);
  const [view] = await definitionRecords(new Catalogue(metadata), []);
  expect(view).toMatchObject({name: 'landed', current: 1, currentSince: 30});
  expect(view!.versions.map(v => [v.number, v.unusedSince])).toEqual([
    [2, 30],
    [1, null],
  ]);
  await record(null, 40);
  const all = await definitionRecords(new Catalogue(metadata), []);
  expect(all.map(d => [d.name, d.current, d.currentSince])).toEqual([
    ['landed', null, 40],
    ['atDeparture', null, 40],
  ]);
  expect(all[0]!.versions.map(v => v.unusedSince)).toEqual([30, 40]);
});

test('words about a view are brought up to date and make no version', async () => {
  await record(late, 10);
  const told = featureView('landed', {
    from: arrivals,
    entity: airport,
    keys: {code: 'code'},
    about: {owner: 'operations', sensitivity: 'personal'},
    features: a => ({
      late: a.share(a.col.delay.gt(15)).over('1h', '6h'),
      paid: a.where(a.col.delay.gt(0)).sum('paid').over('1h'),
      median: a.quantile('delay', 0.5).over('6h'),
    }),
  });
  expect(await record(told, 20)).toEqual([]);
  const [version] = (await new Catalogue(metadata).versions()).filter(v => v.of === 'view');
  expect(version).toMatchObject({number: 1, firstSeenAt: 10, definition: {about: {owner: 'operations'}}});
});

test('a version is used as long as a model in use was trained with it, and unused since that left', async () => {
  await record(late, 10);
  await record(slow, 20);
  const of = async (models: ModelHistory) => {
    const [view, set] = await definitionRecords(new Catalogue(metadata), [models]);
    const old = view!.versions.find(v => v.number === 1)!;
    expect(set!.versions.find(v => v.number === 1)!.unusedSince).toBe(old.unusedSince);
    return old;
  };
  const champion = trained(1, late, 'champion');
  expect(await of(history([champion], [1]))).toMatchObject({unusedSince: null, usedBy: [{model: 'm', version: 1}]});
  // Retired, but what a rollback would bring back.
  const retired = trained(1, late, 'retired');
  expect((await of(history([trained(2, slow, 'champion'), retired], [1, 2]))).unusedSince).toBeNull();
  const three = [trained(3, slow, 'champion'), trained(2, slow, 'retired'), retired];
  expect((await of(history(three, [1, 2, 3]))).unusedSince).toBe(200);
  expect((await of(history([trained(9, late, 'rejected')]))).unusedSince).toBe(90);
  expect((await of(history([]))).unusedSince).toBe(20);
});

test('the views and the feature set of a live version are those it was trained with, whatever is defined today', async () => {
  await record(late, 10);
  await record(slow, 20);
  const catalogue = new Catalogue(metadata);
  const old = trained(1, late, 'champion');
  const views = await viewsOf([old, trained(2, slow, 'canary'), trained(3, late, 'shadow')], catalogue, [slowArrivals]);
  expect(views.map(viewKey)).toEqual([viewKey(late), viewKey(slow)]);
  expect(featureSetOf(old, views)?.features).toEqual(setOf(late).features);
  const {views: _, featureSet: __, ...unpinned} = old;
  expect(await viewsOf([unpinned], catalogue, [arrivals])).toEqual([]);
  expect(featureSetOf(unpinned, [])).toBeNull();
  await expect(
    viewsOf([{...old, views: [{name: 'landed', version: 'gone'}]}], catalogue, [arrivals]),
  ).rejects.toMatchObject({code: 'DEFINITION_INVALID'});

  expect((await definitionDiff(catalogue, 'landed')).changes.map(c => c.kind)).toEqual([
    'lateness',
    'removed',
    'removed',
    'window',
  ]);
  expect(await definitionDiff(catalogue, 'landed', {from: 2, to: 1})).toMatchObject({
    from: 2,
    to: 1,
    changes: [{sentence: 'lateness of arrivals 48h → 24h'}, {kind: 'added'}, {kind: 'added'}, {kind: 'window'}],
  });
  await expect(definitionDiff(catalogue, 'lnded')).rejects.toMatchObject({
    code: 'NAME_UNKNOWN',
    fix: 'Did you mean landed?',
  });
  await expect(definitionDiff(catalogue, 'landed', {to: 7})).rejects.toMatchObject({
    code: 'VERSION_NOT_FOUND',
    fix: 'It has 1, 2.',
  });
});
