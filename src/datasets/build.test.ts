import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Label} from '../labels/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {openDuckDb} from '../stores/duckdb/index.ts';
import type {SqlEngine} from '../stores/index.ts';
import {type BuildOptions, buildTrainingSet, type TrainingSet} from './build.ts';
import {
  archive,
  atOrder,
  came,
  type Delivery,
  deliveries,
  type History,
  HOUR,
  late,
  MINUTE,
  orders,
  START,
  someHistory,
  WITHIN,
} from './history.fixture.ts';

const DAY = 24 * HOUR;
let sql: SqlEngine;
let folder: string;

beforeAll(async () => {
  sql = await openDuckDb();
});
afterAll(() => sql.close());

async function build(history: History, label: Label = late, options: Partial<BuildOptions> = {}): Promise<TrainingSet> {
  folder = mkdtempSync(join(tmpdir(), 'dataset-'));
  try {
    const relation = await archive(sql, folder, history);
    return await buildTrainingSet(
      {name: 'late', spine: orders, features: atOrder, label, keep: ['city', 'amount']},
      {
        sql,
        relation,
        from: START,
        to: START + 4 * DAY,
        asOf: START + 4 * DAY,
        id: 'a-set',
        createdAt: 7,
        auditRows: 40,
        seed: 1,
        ...options,
      },
    );
  } finally {
    rmSync(folder, {recursive: true});
  }
}

type Naive = {readonly rows: {time: number; id: string; label: number}[]; pending: number; unknown: number};

/** What is to become of every order, one by one. */
function naive({orders: placed, deliveries: brought}: History, rule: Label['rule'], asOf: number): Naive {
  const result: Naive = {rows: [], pending: 0, unknown: 0};
  for (const order of placed) {
    if (order.arrival > asOf) continue;
    if (order.time + WITHIN > asOf) {
      result.pending++;
      continue;
    }
    const known = brought
      .filter(d => d.order === order.id && d.time > order.time && d.arrival < order.time + WITHIN && d.arrival <= asOf)
      .filter(d => d.arrival - d.time <= deliveries.latenessMs)
      .filter(d => rule === 'exists' || d.delay !== null)
      .sort((a, b) => a.arrival - b.arrival || a.time - b.time || (a.id < b.id ? -1 : 1));
    const [first] = known;
    const label =
      rule === 'exists' ? Number(first !== undefined) : first === undefined ? null : Number(first.delay! > 15);
    if (label === null) result.unknown++;
    else result.rows.push({time: order.time, id: order.id, label});
  }
  result.rows.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  return result;
}

describe('training sets', () => {
  test.each([
    [1, late],
    [2, late],
    [3, came],
    [4, came],
  ])('label every decision as the plain loop does, seed %i', async (seed, label) => {
    const history = someHistory(seed, 500);
    for (const asOf of [START + DAY, START + 2 * DAY + 13, START + 5 * DAY]) {
      const {record, times, labels, kept} = await build(history, label, {asOf});
      const want = naive(history, label.rule, asOf);
      expect(want.pending > 0 || asOf > START + 4 * DAY).toBe(true);
      expect({pending: record.pending, unknown: record.unknown, rows: record.rows}).toEqual({
        pending: want.pending,
        unknown: want.unknown,
        rows: want.rows.length,
      });
      expect([...times]).toEqual(want.rows.map(r => r.time));
      expect([...labels]).toEqual(want.rows.map(r => r.label));
      expect(record.positives).toBe(want.rows.filter(r => r.label === 1).length);
      const amounts = new Map(history.orders.map(o => [o.id, o]));
      expect([...kept.amount!]).toEqual(want.rows.map(r => amounts.get(r.id)!.amount));
      expect(kept.city).toEqual(want.rows.map(r => amounts.get(r.id)!.city));
    }
  });

  const one = (...brought: Partial<Delivery>[]): History => ({
    orders: [
      {id: 'o', time: START, arrival: START, customer: 'c', city: null, amount: 1},
      {id: 'other', time: START, arrival: START, customer: 'c', city: null, amount: 1},
    ],
    deliveries: [
      {id: 'x', order: 'other', time: START + 1, arrival: START + 1, customer: 'c', delay: 0},
      ...brought.map((d, i) => {
        const arrival = d.arrival ?? START + HOUR;
        return {id: `d${i}`, order: 'o', time: arrival, customer: 'c', delay: 99, ...d, arrival};
      }),
    ],
  });
  const labelOf = async (history: History, label: Label = late) => {
    const {times, labels, record} = await build(history, label, {auditRows: 0});
    return times.length === 2 ? labels[0]! : record.unknown === 1 ? 'unknown' : 'pending';
  };

  test('count a label that arrives just before the close, and none that arrives at it', async () => {
    expect(await labelOf(one({arrival: START + WITHIN - 1}))).toBe(1);
    expect(await labelOf(one({arrival: START + WITHIN}))).toBe('unknown');
    expect(await labelOf(one({arrival: START + WITHIN - 1}), came)).toBe(1);
    expect(await labelOf(one({arrival: START + WITHIN}), came)).toBe(0);
  });

  test('take the label that was known first, and pass over one without a value', async () => {
    const [soon, later] = [START + HOUR, START + 2 * HOUR];
    expect(await labelOf(one({arrival: soon, delay: 0}, {arrival: later, delay: 60}))).toBe(0);
    expect(await labelOf(one({arrival: later, delay: 0}, {arrival: soon, delay: 60}))).toBe(1);
    expect(await labelOf(one({arrival: soon, delay: null}, {arrival: later, delay: 60}))).toBe(1);
    expect(await labelOf(one({arrival: soon, delay: null}))).toBe('unknown');
  });

  test('take no label from the moment of the decision, from before it, or beyond the lateness of its source', async () => {
    expect(await labelOf(one({time: START, arrival: START + HOUR}))).toBe('unknown');
    expect(await labelOf(one({time: START - 1, arrival: START + HOUR}))).toBe('unknown');
    expect(await labelOf(one({time: START + 1, arrival: START + 2 * HOUR + 1}))).toBe(1);
    expect(await labelOf(one({time: START + 1, arrival: START + 2 * HOUR + 2}))).toBe('unknown');
  });

  test('as of a time contain nothing that was not known by then', async () => {
    const history = someHistory(5, 400);
    const asOf = START + 2 * DAY;
    const known = {
      orders: history.orders.filter(o => o.arrival <= asOf),
      deliveries: history.deliveries.filter(d => d.arrival <= asOf),
    };
    const then = await build(known, late, {asOf});
    const now = await build(history, late, {asOf});
    expect(now.record.hash).toBe(then.record.hash);
    expect(now.record.rows).toBeGreaterThan(100);
    expect((await build(history)).record.hash).not.toBe(then.record.hash);
  });

  test('have one hash for the same inputs and another for every other', async () => {
    const history = someHistory(6, 200);
    const {record} = await build(history);
    expect((await build(history, late, {id: 'again', createdAt: 99, auditRows: 0})).record.hash).toBe(record.hash);
    const [first] = history.deliveries.filter(d => d.arrival < START + DAY && d.arrival === d.time && d.delay !== null);
    const changed = (d: Partial<Delivery>) => ({
      ...history,
      deliveries: history.deliveries.map(old => (old === first ? {...old, ...d} : old)),
    });
    const hashes = [
      record.hash,
      (await build(changed({delay: first!.delay! + 1}))).record.hash,
      (await build(changed({customer: 'another'}))).record.hash,
      (await build(history, came)).record.hash,
      (await build(history, late, {asOf: START + 5 * DAY})).record.hash,
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(record.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('without a labelled row are an error that says why', async () => {
    const history = someHistory(7, 20);
    const failed = await build(history, late, {asOf: START + HOUR}).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(MillraceError);
    expect((failed as MillraceError).code).toBe('DATASET_EMPTY');
    expect((failed as MillraceError).message).toMatch(/as of 2001-04-01T01:00:00.000Z: \d+ pending, 0 without a label/);
    expect(await sql.rows('SELECT table_name FROM duckdb_tables()')).toEqual([]);
  });

  test('keep the first of two decisions that share an id', async () => {
    const history = one({arrival: START + HOUR});
    const twice = {
      ...history,
      orders: [...history.orders, {...history.orders[0]!, arrival: START + 1, time: START + 1}],
    };
    const {times} = await build(twice, late, {auditRows: 0});
    expect([...times]).toEqual([START, START]);
  });
});

describe('leaks', () => {
  test('there are none: poisoning all that had not arrived at a decision leaves its features as they were', async () => {
    const history = someHistory(8, 400);
    const clean = await build(history);
    expect(clean.record.leakage.map(f => f.severity)).toEqual(Array(7).fill('ok'));
    const names = Object.keys(clean.features);
    const decisions = [...new Set(clean.times)].filter((_, i) => i % 20 === 3);
    for (const q of decisions) {
      const poisoned: History = {
        orders: history.orders.map(o => (o.time < q && o.arrival <= q ? o : {...o, amount: 1e6, customer: 'poison'})),
        deliveries: history.deliveries.map(d => (d.time < q && d.arrival <= q ? d : {...d, delay: 1e6})),
      };
      // The decisions of that moment ask as before; only what they left in the streams is poisoned.
      const asked = {...poisoned, orders: poisoned.orders.map((o, i) => (o.time === q ? history.orders[i]! : o))};
      const dirty = await build(asked, came, {from: q, to: q + 1, auditRows: 0});
      const first = clean.times.indexOf(q);
      // `came` labels every decision, `late` only some: compare those that both have, in their order.
      const amounts = [...dirty.kept.amount!];
      let compared = 0;
      for (let row = first; clean.times[row] === q; row++) {
        const other = amounts.indexOf(clean.kept.amount![row] as number);
        for (const name of names)
          expect(dirty.features[name]![other], `${name} at ${q}`).toEqual(clean.features[name]![row]);
        compared++;
      }
      expect(compared).toBeGreaterThan(0);
    }
    expect(decisions.length).toBeGreaterThan(8);
    const everything = await build({
      ...history,
      deliveries: history.deliveries.map(d => ({...d, delay: 1e6})),
    });
    expect(everything.features.delay_24h, 'the poison would have shown').not.toEqual(clean.features.delay_24h);
  });
});

test('a decision does not see itself, nor what happened in the same minute', async () => {
  const at = (time: number, id: string) => ({id, time, arrival: time, customer: 'c', city: null, amount: 10});
  const history: History = {
    orders: [at(START, 'a'), at(START + MINUTE, 'b'), at(START + MINUTE, 'c')],
    deliveries: ['a', 'b', 'c'].map(order => ({
      id: `d${order}`,
      order,
      time: START + 2 * MINUTE,
      arrival: START + 2 * MINUTE,
      customer: 'c',
      delay: 0,
    })),
  };
  const {features} = await build(history);
  expect([...features.n_24h!]).toEqual([0, 1, 1]);
  expect([...features.spent_24h!]).toEqual([Number.NaN, 10, 10]);
});
