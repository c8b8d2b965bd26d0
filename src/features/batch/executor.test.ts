import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {seededRandom} from '../../math/index.ts';
import {
  type ColumnData,
  type ColumnSpec,
  type Columns,
  columnSpecs,
  type PositionedBatch,
  t,
} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {disagreements} from '../contract/agreement.ts';
import {allAtPayment, atPayment, history, payments, START} from '../contract/history.ts';
import {naiveFeatures} from '../contract/naive.ts';
import {entity} from '../definitions/entity.ts';
import {featureSet, use} from '../definitions/feature-set.ts';
import {featureView} from '../definitions/view.ts';
import {windowRows} from '../definitions/window-rows.ts';
import {identifier} from '../expressions/sql.ts';
import {OnlineReader} from '../online/reader.ts';
import {isLatest, latestSql} from '../sql/latest-sql.ts';
import {referenceAnswers} from '../sql/reference-answers.ts';
import {windowEventsSql} from '../sql/window-events-sql.ts';
import {StreamExecutor} from '../stream/executor.ts';
import {compareIds} from '../windows/event-order.ts';
import {computeFeatures} from './executor.ts';

const folder = mkdtempSync(join(tmpdir(), 'batch-'));
const relation = () => `read_parquet('${join(folder, 'payments.parquet')}')`;
const ZONE = 'Europe/Athens';
let sql: SqlEngine;

const specs: ColumnSpec[] = [
  ...['_position', '_time', '_arrival'].map(name => ({name, type: 'int' as const, nullable: false})),
  {name: '_id', type: 'string', nullable: false},
  ...columnSpecs(payments.schema).map(spec => (spec.type === 'time' ? {...spec, type: 'int' as const} : spec)),
];

const archived = (batch: PositionedBatch): Columns => ({
  count: batch.count,
  columns: {
    ...batch.columns,
    _position: Float64Array.from({length: batch.count}, (_, i) => batch.position + i),
    _time: batch.eventTimes,
    _arrival: batch.arrivalTimes,
    _id: batch.ids,
  },
});

type Row = {
  readonly user: string | null;
  readonly shop: string;
  readonly amount: number;
  readonly q: number;
  readonly position: number | null;
};

async function spineOf(rows: readonly Row[], table: string) {
  await sql.run(
    `CREATE OR REPLACE TABLE ${table} (_row BIGINT, _q BIGINT, _position BIGINT, user VARCHAR, shop VARCHAR, amount DOUBLE, zone VARCHAR)`,
  );
  for (const [i, {user, shop, amount, q, position}] of rows.entries())
    await sql.run(
      `INSERT INTO ${table} VALUES (${i}, ${q}, ${position ?? 'NULL'}, ${user === null ? 'NULL' : `'${user}'`}, '${shop}', ${amount}, '${ZONE}')`,
    );
  const times = rows.map(r => r.q);
  return {table, rows: rows.length, minTime: Math.min(...times), maxTime: Math.max(...times)};
}

/** Columns, and a field of the request, whose names are hard to keep apart. */
function awkward(field: string) {
  const source = events('sales', {
    schema: {id: t.string, shop: t.int, k: t.int, 'a"b': t.int, word: t.string, at: t.time},
    time: 'at',
    id: 'id',
  });
  const view = featureView('sold', {
    from: source,
    entity: entity('shop', {no: t.int}),
    keys: {no: 'shop'},
    features: a => ({
      shop: a.last('shop').over('1h'),
      k: a.last('k').over('1h'),
      odd: a.last('a"b').over('1h'),
      its: a.where(a.col.word.eq("it's")).count().over('1h'),
    }),
  });
  return {source, view, set: featureSet('atSale', {request: {[field]: t.int}, views: [use(view, {no: field})]})};
}

const plain = (value: number | string | null | undefined) =>
  typeof value === 'number' && Number.isNaN(value) ? null : (value ?? null);

/** Row `i` of a result. */
const rowOf = (columns: Readonly<Record<string, ColumnData>>, i: number) =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[i]!]));

beforeAll(async () => {
  sql = await openDuckDb();
});
afterAll(async () => {
  await sql.close();
  rmSync(folder, {recursive: true});
});

describe('batch executor over DuckDB', () => {
  test.each([11, 12, 13])('agrees with the naive loop, and to the bit with the stream, seed %i', async seed => {
    const batches = history(seed, 1_500);
    await sql.writeParquet(join(folder, 'payments.parquet'), specs, batches.map(archived));
    const random = seededRandom(seed);
    const rows = Array.from(
      {length: 150},
      (_, i): Row => ({
        user: [null, 'busy', 'busy', 'a', 'ö', 'nobody'][Math.floor(random() * 6)]!,
        shop: random() < 0.5 ? 's' : 't',
        amount: i,
        q: START + Math.floor((i / 150) * 4.2 * 86_400_000),
        position: null,
      }),
    );
    const spine = await spineOf(rows, 'spine');
    const batch = {
      ...(await computeFeatures(atPayment, spine, {sql, relation})),
      ...(await computeFeatures(allAtPayment, spine, {sql, relation})),
    };

    const executor = new StreamExecutor(allAtPayment.views.map(({view}) => view));
    const readers = [atPayment, allAtPayment].map(set => ({set, reader: new OnlineReader(set, executor)}));
    let applied = 0;
    for (const [i, row] of rows.entries()) {
      for (const {view} of allAtPayment.views) {
        const key = view.name === 'between' ? [row.user, row.shop] : [row.user];
        const want = naiveFeatures(view, batches, {key, q: row.q});
        expect(disagreements(view, rowOf(batch, i), want), `row ${i}`).toEqual([]);
      }
      while (applied < batches.length && batches[applied]!.arrivalTimes[0]! <= row.q)
        executor.apply(batches[applied++]!);
      for (const {set, reader} of readers) {
        const live = reader.read({user: row.user, shop: row.shop, amount: row.amount, zone: ZONE}, row.q);
        for (const [f, {name}] of set.features.entries())
          expect(plain(live[f]), `${name} of row ${i}`).toBe(plain(batch[name]![i]));
      }
    }
  });

  test.each([
    ['few times that several events have', 900, 1_000],
    ['many times that several events have', 9_000, 60_000],
  ])('is the stream to the bit where events arrive when they happen, with %s', async (_, count, grain) => {
    // In order of arrival, which is that of time, in batches whose arrivals stand for all of it.
    const ordered = history(51, count, 1)
      .map(batch => ({...batch, eventTimes: batch.eventTimes.map(at => Math.floor(at / grain) * grain)}))
      .sort((a, b) => a.eventTimes[0]! - b.eventTimes[0]!)
      .map((batch, position) => ({...batch, position, arrivalTimes: batch.eventTimes}));
    await sql.writeParquet(join(folder, 'payments.parquet'), specs, ordered.map(archived));
    const rows = Array.from(
      {length: 80},
      (_, i): Row => ({
        user: ['busy', 'a', 'nobody', 'ö'][i % 4]!,
        shop: 's',
        amount: 1,
        q: START + i * 4_500_000,
        position: null,
      }),
    );
    const batch = await computeFeatures(allAtPayment, await spineOf(rows, 'prompt'), {sql, relation});
    const executor = new StreamExecutor(allAtPayment.views.map(({view}) => view));
    const reader = new OnlineReader(allAtPayment, executor);
    let applied = 0;
    for (const [i, {user, shop, amount, q}] of rows.entries()) {
      while (applied < ordered.length && ordered[applied]!.arrivalTimes[0]! <= q) executor.apply(ordered[applied++]!);
      const live = reader.read({user, shop, amount, zone: ZONE}, q);
      for (const [f, {name}] of allAtPayment.features.entries())
        expect(plain(live[f]), `${name} of row ${i}`).toBe(plain(batch[name]![i]));
    }
    expect(applied).toBeGreaterThan(count / 2);
  });

  test('sees only what lies before the log position of a row', async () => {
    const batches = history(21, 400);
    await sql.writeParquet(join(folder, 'payments.parquet'), specs, batches.map(archived));
    const q = START + 5 * 86_400_000;
    const rows = [0, 100, 250, 400].map((position): Row => ({user: 'busy', shop: 's', amount: 1, q, position}));
    const spend = atPayment.views[0]!.view;
    const batch = await computeFeatures(atPayment, await spineOf(rows, 'limited'), {sql, relation});
    for (const [i, {position}] of rows.entries())
      expect(batch.n_3d![i]).toBe(naiveFeatures(spend, batches, {key: ['busy'], q, position: position!}).n_3d);
    expect(batch.n_3d![3]).toBeGreaterThan(batch.n_3d![1] as number);
  });

  test('sees only what lies before the log position of a row, in whatever order events arrived', async () => {
    const random = seededRandom(5);
    // A source with its own arrival times: what the log got late may claim to have arrived early.
    const batches = history(22, 600, 1)
      .map(batch => ({batch, order: batch.arrivalTimes[0]! + random() * 86_400_000}))
      .sort((a, b) => a.order - b.order)
      .map(({batch}, position) => ({...batch, position}));
    await sql.writeParquet(join(folder, 'payments.parquet'), specs, batches.map(archived));
    const rows = Array.from(
      {length: 120},
      (_, i): Row => ({user: 'busy', shop: 's', amount: 1, q: START + i * 3_000_000, position: i * 5}),
    );
    const spend = atPayment.views[0]!.view;
    const batch = await computeFeatures(atPayment, await spineOf(rows, 'disordered'), {sql, relation});
    for (const [i, {q, position}] of rows.entries())
      expect(
        disagreements(spend, rowOf(batch, i), naiveFeatures(spend, batches, {key: ['busy'], q, position: position!})),
        `row ${i}`,
      ).toEqual([]);
  });

  test('takes back what a later row had not seen yet: servers that share a log are behind by different amounts', async () => {
    const random = seededRandom(6);
    const batches = history(24, 600, 1);
    await sql.writeParquet(join(folder, 'payments.parquet'), specs, batches.map(archived));
    const rows = Array.from({length: 90}, (_, i): Row => {
      const position = i % 30 === 7 ? null : Math.max(0, i * 7 - Math.floor(random() * 60));
      return {user: 'busy', shop: 's', amount: 1, q: START + i * 4_000_000, position};
    });
    const spend = atPayment.views[0]!.view;
    const batch = await computeFeatures(atPayment, await spineOf(rows, 'behind'), {sql, relation});
    for (const [i, {q, position}] of rows.entries()) {
      const query = {key: ['busy'], q, ...(position === null ? {} : {position})};
      expect(disagreements(spend, rowOf(batch, i), naiveFeatures(spend, batches, query)), `row ${i}`).toEqual([]);
    }
  });

  test('keeps apart the rows of one key and instant that saw different parts of the log', async () => {
    const batches = history(23, 300);
    await sql.writeParquet(join(folder, 'payments.parquet'), specs, batches.map(archived));
    const q = START + 5 * 86_400_000;
    const rows = [null, 200, 50, 120, 50].map((position): Row => ({user: 'busy', shop: 's', amount: 1, q, position}));
    const spend = atPayment.views[0]!.view;
    const batch = await computeFeatures(atPayment, await spineOf(rows, 'instant'), {sql, relation});
    for (const [i, {position}] of rows.entries()) {
      const query = {key: ['busy'], q, ...(position === null ? {} : {position})};
      expect(disagreements(spend, rowOf(batch, i), naiveFeatures(spend, batches, query)), `row ${i}`).toEqual([]);
    }
  });

  test.each(['k', 'shop', 'a"b', "a'b"])(
    'is not confused by names: the key is read from %j, and aggregated too',
    async field => {
      const {source, view, set} = awkward(field);
      const quoted = identifier(field);
      await sql.run(
        `CREATE OR REPLACE TABLE sales AS SELECT 0 AS _position, 500 AS _time, 500 AS _arrival, 'a' AS _id, 7 AS shop, 8 AS k, 9 AS "a""b", 'it''s' AS word`,
      );
      await sql.run(
        `CREATE OR REPLACE TABLE names AS SELECT 0 AS _row, 1000 AS _q, NULL::BIGINT AS _position, 7 AS ${quoted}`,
      );
      const spine = {table: 'names', rows: 1, minTime: 1_000, maxTime: 1_000};
      const columns = await computeFeatures(set, spine, {sql, relation: () => 'sales'});
      const want = {shop_1h: 7, k_1h: 8, odd_1h: 9, its_1h: 1};
      expect(rowOf(columns, 0)).toEqual(want);
      for (const feature of view.features)
        expect(
          await referenceAnswers(sql, set.views[0]!, feature, 'names', () => 'sales'),
          `${source.name}.${feature.name}`,
        ).toEqual([{row: 0, value: want[feature.name as keyof typeof want]}]);
    },
  );

  test('gives what plain SQL gives, feature by feature', async () => {
    const batches = history(31, 800);
    await sql.writeParquet(join(folder, 'payments.parquet'), specs, batches.map(archived));
    const rows = Array.from(
      {length: 60},
      (_, i): Row => ({
        user: i % 2 ? 'busy' : 'a',
        shop: 's',
        amount: 1,
        q: START + i * 5_000_000,
        position: i % 3 === 0 ? i * 12 : null,
      }),
    );
    const spine = await spineOf(
      rows.sort((a, b) => a.q - b.q),
      'reference',
    );
    const batch = await computeFeatures(allAtPayment, spine, {sql, relation});
    for (const viewUse of allAtPayment.views)
      for (const feature of viewUse.view.features)
        for (const {row, value} of await referenceAnswers(sql, viewUse, feature, spine.table, relation))
          expect(
            disagreements({...viewUse.view, features: [feature]}, rowOf(batch, row), {[feature.name]: value}),
            `row ${row}`,
          ).toEqual([]);
  });

  test('counts and lists the events behind a value: those of its window, the newest first', async () => {
    const batches = history(33, 700);
    await sql.writeParquet(join(folder, 'payments.parquet'), specs, batches.map(archived));
    const known = batches.flatMap(({ids, eventTimes, arrivalTimes, columns}) =>
      ids.map((id, i) => ({id, time: eventTimes[i]!, arrival: arrivalTimes[i]!, user: columns.user![i]})),
    );
    const {view} = allAtPayment.views.find(use => Object.keys(use.view.entity.keys).length === 1)!;
    let listed = 0;
    for (const q of [1, 2.3, 4.1].map(days => START + days * 86_400_000)) {
      const visible = known
        .filter(e => e.user === 'busy' && e.time < q && e.arrival <= q && e.arrival - e.time <= view.source.latenessMs)
        .sort((a, b) => a.time - b.time || compareIds(a.id, b.id));
      for (const feature of new Map(view.features.map(each => [each.window, each])).values()) {
        const want = windowRows(visible, feature.over, q).toReversed();
        const rows = await sql.rows(windowEventsSql(view, feature, q, relation), ['busy', 7]);
        expect(
          rows.map(row => row._id),
          `${feature.name} at ${q}`,
        ).toEqual(want.slice(0, 7).map(e => e.id));
        expect(Number(rows[0]?.n ?? 0), `${feature.name} at ${q}`).toBe(want.length);
        listed += rows.length;
      }
    }
    expect(listed).toBeGreaterThan(50);
  });

  test('gives what one pass for the latest value gives', async () => {
    const batches = history(32, 900);
    await sql.writeParquet(join(folder, 'payments.parquet'), specs, batches.map(archived));
    const rows = Array.from(
      {length: 200},
      (_, i): Row => ({
        user: ['busy', 'a', 'nobody'][i % 3]!,
        shop: 's',
        amount: 1,
        q: START + i * 1_800_000,
        position: null,
      }),
    );
    const spine = await spineOf(rows, 'latest');
    const batch = await computeFeatures(allAtPayment, spine, {sql, relation});
    let compared = 0;
    for (const viewUse of allAtPayment.views)
      for (const feature of viewUse.view.features.filter(isLatest))
        for (const {_row, value} of await sql.rows(latestSql(viewUse, feature, spine.table, relation()))) {
          expect(plain(batch[feature.name]![Number(_row)]), `${feature.name} of row ${_row}`).toBe(value);
          compared++;
        }
    expect(compared).toBeGreaterThan(600);
  });
});
