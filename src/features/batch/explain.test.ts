import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {DAY, daily, dailyCut, openStore, type Store, sinceEver, someDays} from '../contract/daily.ts';
import {allAtPayment, START} from '../contract/history.ts';
import {explainFeatures} from './explain.ts';
import {printPlan} from './print-plan.ts';

let folder: string;
let store: Store;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'explain-'));
  store = await openStore(folder);
  await store.append(someDays());
});
afterAll(async () => {
  await store.close();
  rmSync(folder, {recursive: true, force: true});
});

describe('a plan', () => {
  test('counts the partitions and events that the windows of its rows reach', () => {
    const {archive} = store;
    const options = {rows: 100, from: START + 3 * DAY, to: START + 4 * DAY, archive};
    const [recent] = explainFeatures(daily, options).views;
    const partitions = archive.partitions('payments');
    expect(recent!.reads).toEqual({partitions: 2, of: 4, rows: partitions[2]!.rows + partitions[3]!.rows});
    expect(recent).toMatchObject({reachMs: DAY, parts: 1, keys: [{key: 'user', column: 'user', field: 'user'}]});
    const [ever] = explainFeatures(sinceEver, options).views;
    expect(ever!.reads).toEqual({partitions: 4, of: 4, rows: 1_200});
    expect(ever!.reachMs).toBeNull();
    expect(ever!.daily).toContain('all that came before it');
  });

  test('is read by people', () => {
    const text = printPlan(explainFeatures(daily, {rows: 1_000, from: START, to: START + DAY, archive: store.archive}));
    expect(text).toContain("Feature set 'daily' for 1,000 rows from 2001-03-31T00:00:00Z to 2001-04-01T00:00:00Z.");
    expect(text).toContain('key         user: payments.user = request.user');
    expect(text).toContain('windows     over 1h; over 24h; over 2h');
    expect(text).toContain('aggregates  count(); sum(amount); last(country)');
    expect(text).toMatch(/1\. Scan 'payments' in DuckDB: 1 of 4 partitions, about \d+ events/);
    expect(text).toContain('A day reads itself and the day before');
    expect(text).toContain('share = amount ÷ total_24h');
  });

  test('of a view that is read as of cuts says so, and reaches back from the cut', () => {
    const plan = explainFeatures(dailyCut, {from: START + 3 * DAY, to: START + 4 * DAY, archive: store.archive});
    const words = 'as of the last cut of 12 h, available 1 h later';
    expect(plan.views[0]).toMatchObject({reachMs: DAY + (13 * DAY) / 24, asOf: words, reads: {partitions: 3}});
    expect(plan.views[0]!.sql.spark.n_24h).toContain('CAST(floor((s._q - 3600000) / 43200000) AS BIGINT) * 43200000');
    expect(printPlan(plan)).toContain(`read        ${words}`);
    expect(explainFeatures(daily).views[0]!.asOf).toBeNull();
  });

  test('says in how many parts events are held when they are many', () => {
    const many = {
      relation: () => '',
      partitions: () => [{from: START, to: START + DAY, rows: 40_000_000, version: '1'}],
    };
    expect(explainFeatures(daily, {archive: many}).views[0]!.parts).toBe(3);
  });

  test('has the SQL of every feature in both dialects, which DuckDB runs', async () => {
    const {sql} = store;
    await sql.run(
      `CREATE TABLE spine AS SELECT 0 AS _row, ${START + 2 * DAY} AS _q, NULL::BIGINT AS _position, 'busy' AS user, 's' AS shop`,
    );
    await sql.run(`CREATE VIEW payments AS SELECT * FROM ${store.archive.relation('payments')}`);
    for (const {features, sql: queries} of explainFeatures(allAtPayment).views) {
      expect(Object.keys(queries.spark)).toEqual(features);
      for (const name of features) expect(await sql.rows(queries.duckdb[name]!), name).toHaveLength(1);
    }
  });
});
