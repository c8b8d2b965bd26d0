import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {t} from '../../protocol/index.ts';
import type {LocalStore} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {entity} from '../definitions/entity.ts';
import {featureSet, use} from '../definitions/feature-set.ts';
import {refreshOf} from '../definitions/refresh.ts';
import {featureView} from '../definitions/view.ts';
import {OnlineReader} from '../online/reader.ts';
import {StoreReader} from '../online/store-reader.ts';
import {StreamExecutor} from '../stream/executor.ts';
import {CutStore} from './cut-store.ts';
import {PackedReader, packEmpty, packRow} from './packed-values.ts';
import type {RefreshedUse} from './stored-cuts.ts';

const source = events('sales', {
  schema: {id: t.string, shop: t.string, paid: t.number, kind: t.string.orNull(), at: t.time},
  time: 'at',
  id: 'id',
});
const view = featureView('sold', {
  from: source,
  entity: entity('shop', {shop: t.string}),
  keys: {shop: 'shop'},
  features: a => ({
    n: a.count().over('1d'),
    first: a.first('kind').over('1d'),
    paid: a.sum('paid').over('1d'),
    last: a.last('kind').over('1d'),
  }),
});
const hourly: RefreshedUse = {view, refresh: refreshOf({refresh: '1h', delay: '10m'})};
const set = featureSet('atSale', {
  request: {shop: t.string},
  views: [use(view, {shop: 'shop'}, {refresh: '1h', delay: '10m'})],
});
const HOUR = 3_600_000;
const T = 1_000 * HOUR;
const AVAILABLE = T + 600_000;

const row = (n: number, first: string | null, paid: number, last: string | null) =>
  packRow([Float64Array.of(n), [first], Float64Array.of(paid), [last]], 0);

let folder = '';
let store: LocalStore;
let cuts: CutStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cut-store-'));
  store = await openLmdb(folder);
  cuts = await CutStore.open(store);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, {recursive: true});
});

const write = (cut: number, entries: Readonly<Record<string, Uint8Array>>, of = hourly) =>
  cuts.write(of, {
    cut,
    position: cut / HOUR,
    oldest: cut - HOUR,
    seal: async () => cut + 1,
    fill: take => take(Object.entries(entries)),
  });

const stored = async (prefix = 'cut/') => {
  const keys: string[] = [];
  for await (const [key] of store.scan(prefix)) if (!key.startsWith('cut/=') || prefix !== 'cut/') keys.push(key);
  return keys;
};
const readerOf = (of: CutStore) => new OnlineReader(set, new StreamExecutor([]), of);

test('values come back as they were: texts, nulls, infinities, minus nought', () => {
  const reader = new PackedReader(view);
  for (const [n, first, paid, last] of [
    [3, 'ψωμί', -0, null],
    [1, null, Number.POSITIVE_INFINITY, ''],
    [0, '日本', 1e300, 'a'.repeat(3_000)],
  ] as const) {
    const numbers = reader.read(row(n, first, paid, last));
    expect([numbers[0], numbers[2]]).toEqual([n, paid]);
    expect([reader.decode(numbers[1]!), reader.decode(numbers[3]!)]).toEqual([first, last]);
  }
  const nothing = reader.read(packEmpty(view));
  expect([...nothing]).toEqual([0, Number.NaN, Number.NaN, Number.NaN]);
});

test('before there is a cut a read is not ready; then it has its values, and those of no events for who is not in it', async () => {
  const reader = readerOf(cuts);
  expect(() => reader.read({shop: 'a'}, AVAILABLE)).toThrow(expect.objectContaining({code: 'NOT_READY'}));
  const long = `${'x'.repeat(3_000)}\ud800`;
  await write(T, {a: row(2, 'x', 7, 'y'), [long]: row(5, null, 1, null)});
  expect(reader.read({shop: 'a'}, AVAILABLE)).toEqual([2, 'x', 7, 'y']);
  expect(reader.read({shop: long}, AVAILABLE)).toEqual([5, null, 1, null]);
  for (const shop of ['b', null]) expect(reader.read({shop}, AVAILABLE)).toEqual([0, null, Number.NaN, null]);
  expect(reader.cutOf(0, AVAILABLE)).toEqual({cut: T, wanted: T, stale: false});
  expect(() => reader.read({shop: 'a'}, AVAILABLE - 1)).toThrow(/as of 1970-02-11T15:00:00.000Z are not computed yet/);
});

test('a cut that is made ahead is read from its delay on, and an older one by those who ask for it', async () => {
  const reader = readerOf(cuts);
  await write(T, {a: row(1, null, 1, null)});
  await write(T + HOUR, {a: row(2, null, 1, null)});
  const n = (q: number) => reader.read({shop: 'a'}, q)[0];
  expect([AVAILABLE, AVAILABLE + HOUR - 1, AVAILABLE + HOUR].map(n)).toEqual([1, 1, 2]);
});

test('where a cut is late the last one answers, and says that it is stale', async () => {
  const reader = readerOf(cuts);
  await write(T, {a: row(1, null, 1, null)});
  expect(reader.isStale(AVAILABLE + HOUR - 1)).toBe(false);
  expect(reader.isStale(AVAILABLE + HOUR)).toBe(true);
  expect(reader.cutOf(0, AVAILABLE + 2 * HOUR)).toEqual({cut: T, wanted: T + 2 * HOUR, stale: true});
  expect(reader.read({shop: 'a'}, AVAILABLE + 2 * HOUR)[0]).toBe(1);
});

test('nothing of a cut is read before all of it is there; what fails half-way leaves what was', async () => {
  const reader = readerOf(cuts);
  await write(T, {a: row(1, null, 1, null)});
  const failing = cuts.write(hourly, {
    cut: T + HOUR,
    position: 0,
    oldest: T,
    seal: async () => 0,
    fill: async take => {
      await take([['a', row(2, null, 1, null)]]);
      expect(reader.cutOf(0, AVAILABLE + HOUR)).toMatchObject({cut: T, stale: true});
      throw new TypeError('out of luck');
    },
  });
  await expect(failing).rejects.toThrow('out of luck');
  expect(reader.read({shop: 'a'}, AVAILABLE + HOUR)[0]).toBe(1);
  expect(await stored()).toHaveLength(2);
  await cuts.removeGone();
  expect(await stored()).toEqual(['cut/1/=a']);
});

test('keeps the cuts that can still be asked for, and removes the others', async () => {
  for (let i = 0; i < 5; i++) await write(T + i * HOUR, {a: row(i, null, 1, null), b: row(i, null, 1, null)});
  expect(cuts.cuts(hourly).generations.map(({cut}) => (cut - T) / HOUR)).toEqual([3, 4]);
  await cuts.removeGone();
  expect(await stored()).toHaveLength(4);
});

test('what is removed while another cut is written takes nothing with it', async () => {
  for (let i = 0; i < 4; i++) await write(T + i * HOUR, {a: row(i, null, 1, null)});
  await Promise.all([write(T + 4 * HOUR, {a: row(4, null, 1, null)}), cuts.removeGone(), cuts.removeGone()]);
  cuts = await CutStore.open(store);
  expect(cuts.cuts(hourly).generations.map(({cut}) => (cut - T) / HOUR)).toEqual([3, 4]);
  await cuts.removeGone();
  expect(await stored()).toEqual(['cut/4/=a', 'cut/5/=a']);
});

test('a store that is opened again has what was switched to, and forgets what nobody reads', async () => {
  const other: RefreshedUse = {view, refresh: refreshOf({refresh: '1d'})};
  await write(T, {a: row(1, null, 1, null)});
  await write(T, {a: row(9, null, 1, null)}, other);
  cuts = await CutStore.open(store);
  expect(cuts.cuts(hourly).generations).toEqual([{number: 1, cut: T, position: 1_000, madeAt: T + 1, keys: 1}]);
  await cuts.keepOnly([hourly]);
  await cuts.removeGone();
  expect(await stored()).toEqual(['cut/1/=a']);
  expect(await stored('cut/=')).toHaveLength(1);
  // Numbers are not given twice while anything has them.
  expect((await write(T + HOUR, {a: row(1, null, 1, null)})).number).toBe(3);
});

test('a copy of the live state refuses such a set', async () => {
  await expect(StoreReader.open(set, store)).rejects.toThrow(/'atSale' reads 'sold' as of cuts/);
});
