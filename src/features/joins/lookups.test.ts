import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {seededRandom} from '../../math/index.ts';
import {columnSpecs, type PositionedBatch, type Schema, t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {computeFeatures} from '../batch/executor.ts';
import {naiveFeatures} from '../contract/naive.ts';
import {readLive} from '../contract/read-live.ts';
import {entity} from '../definitions/entity.ts';
import {featureSet, use} from '../definitions/feature-set.ts';
import {joined, latest} from '../definitions/joined.ts';
import {featureView} from '../definitions/view.ts';
import {StreamExecutor} from '../stream/executor.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2001, 2, 31);

const shops = events('shops', {
  schema: {id: t.string, shop: t.string, country: t.string.orNull(), rating: t.number, at: t.time},
  time: 'at',
  id: 'id',
  lateness: '3h',
});
const payments = events('payments', {
  schema: {id: t.string, user: t.string, shop: t.string.orNull(), amount: t.int, at: t.time},
  time: 'at',
  id: 'id',
  lateness: '2h',
});

const withShop = joined(payments, {place: latest(shops, {on: {shop: 'shop'}, columns: ['country', 'rating']})});
const abroad = featureView('abroad', {
  from: withShop,
  entity: entity('user', {user: t.string}),
  keys: {user: 'user'},
  features: a => ({
    n: a.where(a.col.place_country.ne('GR')).count().over('6h', '2d'),
    best: a.max('place_rating').over('6h'),
    where: a.last('place_country').over('2d'),
    spent: a.where(a.col.place_rating.gt(3)).sum('amount').over('2d'),
  }),
});
const set = featureSet('atPayment', {request: {user: t.string}, views: [use(abroad, {user: 'user'})]});

/** Rows of both streams interleaved in one log; `loadShopsFirst`: as a bulk load of one after the other. */
function history(seed: number, loadShopsFirst: boolean): PositionedBatch[] {
  const random = seededRandom(seed);
  const pick = <V>(values: readonly V[]): V => values[Math.floor(random() * values.length)]!;
  const rows = Array.from({length: 700}, (_, i) => {
    const time = START + Math.floor(random() * 3 * 24) * HOUR + (random() < 0.5 ? 0 : Math.floor(random() * HOUR));
    const delay = random() < 0.6 ? 0 : Math.floor(random() * 4 * HOUR);
    const stream = random() < 0.25 ? 'shops' : 'payments';
    return {stream, id: `e${Math.floor(random() * 1e6)}-${i}`, time, arrival: time + delay};
  }).sort((a, b) => a.arrival - b.arrival);
  if (loadShopsFirst) rows.sort((a, b) => (a.stream === b.stream ? 0 : a.stream === 'shops' ? -1 : 1));
  return rows.map(({stream, id, time, arrival}, position) => ({
    stream,
    position,
    count: 1,
    ids: [id],
    eventTimes: Float64Array.of(time),
    arrivalTimes: Float64Array.of(arrival),
    columns: (stream === 'shops'
      ? {
          id: [id],
          shop: [pick(['s', 't', 'u'])],
          country: [pick(['GR', 'DE', null])],
          rating: Float64Array.of(Math.floor(random() * 6)),
          at: Float64Array.of(time),
        }
      : {
          id: [id],
          user: [pick(['a', 'b'])],
          shop: [pick(['s', 't', 'u', 'v', null])],
          amount: Float64Array.of(Math.floor(random() * 9)),
          at: Float64Array.of(time),
        }) as PositionedBatch['columns'],
  }));
}

describe('features over joined streams', () => {
  test.each([
    [1, false],
    [2, false],
    [3, true],
  ])('are the double loop in the stream, seed %i, shops loaded first: %s', (seed, loadShopsFirst) => {
    const batches = history(seed, loadShopsFirst);
    const executor = new StreamExecutor([abroad]);
    if (loadShopsFirst) executor.advanceTo(START + 5 * 24 * HOUR);
    for (const batch of batches) {
      if (!loadShopsFirst) executor.advanceTo(batch.arrivalTimes[0]!);
      executor.apply(batch);
      if (loadShopsFirst || batch.position % 9 !== 0) continue;
      const q = batch.arrivalTimes[0]! + 1;
      for (const user of ['a', 'b'])
        expect(readLive(executor, abroad, [user], q)).toEqual(
          naiveFeatures(abroad, batches, {key: [user], q, position: executor.position}),
        );
    }
    const q = START + 5 * 24 * HOUR;
    for (const user of ['a', 'b'])
      expect(readLive(executor, abroad, [user], q)).toEqual(naiveFeatures(abroad, batches, {key: [user], q}));
  });

  const folder = mkdtempSync(join(tmpdir(), 'joins-'));
  let sql: SqlEngine;
  beforeAll(async () => {
    sql = await openDuckDb();
  });
  afterAll(async () => {
    await sql.close();
    rmSync(folder, {recursive: true});
  });

  test('are the double loop in the batch', async () => {
    const batches = history(4, false);
    const own = ['_position', '_time', '_arrival'].map(name => ({name, type: 'int' as const, nullable: false}));
    for (const [name, schema] of [
      ['shops', shops.schema],
      ['payments', payments.schema],
    ] as const)
      await sql.writeParquet(
        join(folder, `${name}.parquet`),
        [
          ...own,
          {name: '_id', type: 'string', nullable: false},
          ...columnSpecs(schema as Schema).map(s => (s.type === 'time' ? {...s, type: 'int' as const} : s)),
        ],
        batches
          .filter(batch => batch.stream === name)
          .map(({columns, count, position, eventTimes, arrivalTimes, ids}) => ({
            count,
            columns: {
              ...columns,
              _position: Float64Array.of(position),
              _time: eventTimes,
              _arrival: arrivalTimes,
              _id: ids,
            },
          })),
      );
    const queries = Array.from({length: 80}, (_, i) => ({user: i % 2 ? 'a' : 'b', q: START + i * HOUR + 1}));
    await sql.run('CREATE TABLE spine (_row BIGINT, _q BIGINT, _position BIGINT, user VARCHAR)');
    for (const [i, {user, q}] of queries.entries())
      await sql.run(`INSERT INTO spine VALUES (${i}, ${q}, NULL, '${user}')`);
    const spine = {table: 'spine', rows: queries.length, minTime: queries[0]!.q, maxTime: queries.at(-1)!.q};
    const relation = (stream: string) => `read_parquet('${join(folder, `${stream}.parquet`)}')`;
    const columns = await computeFeatures(set, spine, {sql, relation});
    for (const [i, {user, q}] of queries.entries())
      for (const [name, want] of Object.entries(naiveFeatures(abroad, batches, {key: [user], q}))) {
        const got = columns[name]![i]!;
        expect(typeof got === 'number' && Number.isNaN(got) ? null : got, `${name} of row ${i}`).toBe(want);
      }
  });

  test('name what does not fit', () => {
    // @ts-expect-error no such column here
    expect(() => joined(payments, {place: latest(shops, {on: {shop: 'shopp'}, columns: ['country']})})).toThrow(
      /no column 'shopp'/,
    );
    // @ts-expect-error no such column there
    expect(() => latest(shops, {on: {shop: 'shop'}, columns: ['town']})).not.toThrow();
    expect(() =>
      joined(payments, {place: latest(shops, {on: {rating: 'amount'} as never, columns: ['country']})}),
    ).toThrow(/'rating' of 'shops' is a number, but 'amount' of 'payments' is a int/);
  });
});
