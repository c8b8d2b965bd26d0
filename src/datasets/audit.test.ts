import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {events} from '../events/index.ts';
import {
  computeFeatures,
  entity,
  type FeatureSet,
  featureSet,
  featureView,
  lastRows,
  lifetime,
  session,
  use,
} from '../features/index.ts';
import type {Label} from '../labels/index.ts';
import {t} from '../protocol/index.ts';
import {openDuckDb} from '../stores/duckdb/index.ts';
import type {SqlEngine} from '../stores/index.ts';
import {auditFeatures} from './audit.ts';
import {buildTrainingSet} from './build.ts';
import {altered, archive, atOrder, came, HOUR, late, orders, START, someHistory} from './history.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
let sql: SqlEngine;
let honest: Relation;

beforeAll(async () => {
  sql = await openDuckDb();
  honest = await archive(sql, folder, someHistory(9, 400));
});
afterAll(async () => {
  await sql.close();
  rmSync(folder, {recursive: true});
});

type Relation = (stream: string) => string;

const build = (relation: Relation, {features = atOrder as FeatureSet, label = late as Label} = {}) =>
  buildTrainingSet(
    {name: 'late', spine: orders, features, label, keep: []},
    {
      sql,
      relation,
      from: START,
      to: START + 96 * HOUR,
      asOf: START + 96 * HOUR,
      id: 'audited',
      createdAt: 0,
      auditRows: 60,
      seed: 4,
    },
  );

async function blocked(relation: Relation, features?: FeatureSet): Promise<string[]> {
  const {record} = await build(relation, features ? {features} : {});
  return record.leakage.filter(f => f.severity === 'block').map(f => f.feature!);
}

describe('the audit of a training set', () => {
  test('finds nothing in an honest history', async () => {
    expect(await blocked(honest)).toEqual([]);
  });

  test('tells rounding and sketches from an event that was seen too early', async () => {
    const placed = featureView('habit', {
      from: orders,
      entity: entity('customer', {customer: t.string}),
      keys: {customer: 'customer'},
      features: a => ({
        spread: a.variance('amount').over('24h'),
        deviation: a.standardDeviation('amount').over(lifetime()),
        median: a.quantile('amount', 0.4).over('48h', lastRows(4)),
        about: a.quantileSketch('amount', 0.5).over('48h'),
        cities: a.distinctSketch('city').over('48h'),
        faded: a.decayedMean('amount', '6h').over('24h', session('4h')),
        top: a.topK('city', 2).over('48h'),
        each: a.ratio(a.sum('amount'), a.count()).over('24h'),
      }),
    });
    const set = featureSet('habits', {request: {customer: t.string}, views: [use(placed, {customer: 'customer'})]});
    const {record} = await build(honest, {features: set});
    expect(record.leakage).toHaveLength(placed.features.length);
    expect(record.leakage.filter(f => f.severity === 'block')).toEqual([]);
    const shifted = (stream: string) =>
      stream === 'orders' && asked++ > 0 ? altered(honest('orders'), {_time: '_time - 60000'}) : honest(stream);
    let asked = 0;
    expect(await blocked(shifted, set)).toEqual(placed.features.map(f => f.name));
  });

  test('blocks a decision whose own label stands in its features', async () => {
    // Every delivery carries the id of its order, and claims to have been known a minute before it was placed.
    const before = '(SELECT any_value(o._time) FROM orders_of o WHERE o._id = "order") - 60000';
    await sql.run(`CREATE OR REPLACE TABLE orders_of AS SELECT _id, _time FROM ${honest('orders')}`);
    const leaky = (stream: string) =>
      stream === 'deliveries'
        ? altered(honest(stream), {_id: '"order"', _time: before, _arrival: before})
        : honest(stream);
    const {record} = await build(leaky, {label: came});
    const found = record.leakage.filter(f => f.severity === 'block');
    expect(found.map(f => f.feature)).toEqual(['got_1h', 'got_24h', 'late_24h', 'delay_24h', 'lastOrder_24h']);
    expect(found[0]).toMatchObject({check: 'own-or-future-event'});
    expect(found[0]!.measured).toBeGreaterThan(20);
    expect(found[0]!.message).toContain(`${found[0]!.measured} of `);
  });

  test('blocks a decision that sees its own event', async () => {
    // The spine is read first, as it is; what the view reads says that every order was placed a minute before.
    let asked = 0;
    const shifted = (stream: string) =>
      stream === 'orders' && asked++ > 0 ? altered(honest('orders'), {_time: '_time - 60000'}) : honest(stream);
    expect(await blocked(shifted)).toEqual(['n_24h', 'spent_24h']);
  });

  test('blocks features that saw what had not arrived, whoever computed them', async () => {
    const table = 'future';
    await sql.run(
      `CREATE OR REPLACE TABLE ${table} AS SELECT row_number() OVER (ORDER BY _time, _id) - 1 AS _row, _time AS _q, NULL::BIGINT AS _position, _id, customer, amount FROM ${honest('orders')}`,
    );
    const spine = {table, rows: 400, minTime: START, maxTime: START + 72 * HOUR};
    const early = (stream: string) =>
      stream === 'deliveries' ? altered(honest(stream), {_arrival: '_arrival - 7200000'}) : honest(stream);
    const columns = await computeFeatures(atOrder, spine, {sql, relation: early});
    const options = {sql, relation: honest, rows: 100, seed: 2, own: ['orders']};
    const found = await auditFeatures(atOrder, spine, columns, options);
    expect(found.filter(f => f.severity === 'block').map(f => f.feature)).toEqual([
      'got_1h',
      'got_24h',
      'late_24h',
      'delay_24h',
      'lastOrder_24h',
    ]);
    const clean = await computeFeatures(atOrder, spine, {sql, relation: honest});
    expect((await auditFeatures(atOrder, spine, clean, options)).every(f => f.severity === 'ok')).toBe(true);
  });

  test('takes no offence at another stream whose events share their ids with the decisions', async () => {
    // Baskets carry the id of the order that they become, and are seen before it on purpose.
    const relation = (stream: string) =>
      stream === 'baskets'
        ? altered(honest('orders'), {_time: '_time - 60000', _arrival: '_arrival - 60000'})
        : honest(stream);
    expect(await blocked(relation, atOrderOver('baskets'))).toEqual([]);
  });

  test('measures the rounding of a sum against what was added up, not against what is left', async () => {
    const huge = (stream: string) =>
      stream === 'orders'
        ? altered(honest(stream), {amount: 'CASE WHEN _position % 2 = 0 THEN 1 ELSE -1 END * (1e12 + amount)'})
        : honest(stream);
    expect(await blocked(huge)).toEqual([]);
  });
});

/** Counts and sums over a stream shaped like orders. */
function atOrderOver(stream: string): FeatureSet {
  const customer = entity('customer', {customer: t.string});
  const view = featureView('before', {
    from: events(stream, {schema: orders.schema, time: 'at', id: 'orderId'}),
    entity: customer,
    keys: {customer: 'customer'},
    features: a => ({count: a.count().over('24h'), total: a.sum('amount').over('24h')}),
  });
  return featureSet('other', {request: {customer: t.string}, views: [use(view, {customer: 'customer'})]}) as FeatureSet;
}
