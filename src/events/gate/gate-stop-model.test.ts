// The gate with checks that stop, against plain lists: any mixture of pushes, several at once, and reopenings.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {ManualClock, t} from '../../protocol/index.ts';
import {openFiles} from '../../stores/files/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {inRange} from '../checks/check.ts';
import {nullShare, timeNotBackwards, unique} from '../checks/stream-check.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {events} from '../source.ts';
import {EventGate} from './gate.ts';

const MINUTE = 60_000;
const START = 1_700_000_000_000;
const ORDER = 'time goes back by at most 5m';
const source = events('orders', {
  schema: {id: t.string, at: t.time, price: t.number, note: t.string.orNull(), vector: t.vector(2).orNull()},
  time: 'at',
  id: 'id',
  checks: [
    inRange('price', {min: 0}),
    inRange('price', {max: 100}, 'stop'),
    unique('price', {}, 'stop'),
    nullShare('note', {max: 0.5, rows: 4}),
    timeNotBackwards({tolerance: '5m'}),
  ],
});

type Order = {id: string; at: number; price: number; note: string | null; vector: [number, number] | null};

const order = fc.record({
  id: fc.integer({min: 0, max: 60}).map(n => `o${n}`),
  at: fc.integer({min: -20, max: 0}).map(minutes => START + minutes * MINUTE),
  price: fc.oneof(
    {weight: 30, arbitrary: fc.integer({min: 0, max: 60})},
    {weight: 2, arbitrary: fc.constantFrom(-1, 101)},
  ),
  note: fc.constantFrom(null, 'n'),
  vector: fc.constantFrom<[number, number] | null>(null, [0, -1.5], [1, 2]),
});
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('rows', 'columns', 'rehearse'),
      pushes: fc.array(fc.array(order, {maxLength: 5}), {minLength: 1, maxLength: 3}),
    }),
  },
  {weight: 1, arbitrary: fc.record({kind: fc.constantFrom('reopen', 'checkpoint'), pushes: fc.constant([])})},
);

/** What should stand in the log and in quarantine. */
class Model {
  kept: Order[] = [];
  refused: Order[] = [];

  /** Takes a push; false, and no change, if it is stopped. */
  push(orders: readonly Order[]): boolean {
    const fresh: Order[] = [];
    const refused = orders.filter(o => o.price < 0);
    if (orders.some(o => o.price > 100)) return false;
    for (const o of orders)
      if (o.price >= 0 && ![...this.kept, ...fresh].some(before => before.id === o.id)) fresh.push(o);
    const prices = [...this.kept, ...fresh].map(o => o.price);
    if (new Set(prices).size < prices.length) return false;
    this.kept.push(...fresh);
    this.refused.push(...refused);
    return true;
  }
}

test('a push that a check stops changes nothing, and all others are as if it had not been', async () => {
  let stopped = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, {maxLength: 10}), async steps => {
      const folder = mkdtempSync(join(tmpdir(), 'millrace-gate-stop-'));
      const clock = new ManualClock(START);
      const objects = await openFiles(join(folder, 'objects'));
      const open = async () => {
        const log = await openSegmentLog(join(folder, 'log'));
        const quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
        return {log, quarantine, gate: await EventGate.open({log, quarantine, clock, objects, sources: [source]})};
      };
      let at = await open();
      const model = new Model();
      for (const {kind, pushes} of steps) {
        if (kind === 'checkpoint') await at.gate.checkpoint();
        else if (kind === 'reopen') {
          await at.log.close();
          await at.quarantine.close();
          at = await open();
        } else if (kind === 'rehearse') {
          const trial = new Model();
          trial.kept = [...model.kept];
          const fits = pushes.every(orders => trial.push(orders));
          const batches = (async function* () {
            for (const orders of pushes) yield columnsOf(orders);
          })();
          const rehearsal = at.gate.rehearse('orders', batches, 'live');
          if (fits) await rehearsal;
          else await expect(rehearsal).rejects.toMatchObject({code: 'CHECK_STOPPED'});
        } else {
          const outcomes = await Promise.allSettled(
            pushes.map(orders =>
              kind === 'rows'
                ? at.gate.push('orders', orders)
                : at.gate.pushColumns('orders', columnsOf(orders), {arrival: 'live'}),
            ),
          );
          const expected = pushes.map(orders => model.push(orders));
          stopped += expected.filter(fits => !fits).length;
          expect(outcomes.map(({status}) => status === 'fulfilled')).toEqual(expected);
          for (const outcome of outcomes)
            if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({code: 'CHECK_STOPPED'});
        }
      }
      expect(await ordersOf(at.log)).toEqual(model.kept);
      const quarantined = [];
      for await (const {row} of at.quarantine.read()) quarantined.push(row);
      expect(quarantined).toMatchObject(model.refused.map(({id, price, vector}) => ({id, price, vector})));
      const counts = new Map(at.gate.checkStatus(START).map(status => [status.check, status.count]));
      const {kept} = model;
      const behind = kept.filter((o, i) => kept.slice(0, i).some(before => before.at - o.at > 5 * MINUTE));
      expect(counts.get(ORDER)).toBe(behind.length);
      const windows = Array.from({length: Math.ceil(kept.length / 4)}, (_, w) => kept.slice(4 * w, 4 * w + 4));
      expect(counts.get('note null in at most 0.5 of 4 events')).toBe(
        windows.filter(window => window.filter(o => o.note === null).length > 2).length,
      );
      await at.log.close();
      await at.quarantine.close();
      rmSync(folder, {recursive: true});
    }),
    {seed: 11, numRuns: 120},
  );
  expect(stopped).toBeGreaterThan(50);
});

function columnsOf(orders: readonly Order[]) {
  const columns = {
    id: orders.map(o => o.id),
    at: Float64Array.from(orders, o => o.at),
    price: Float64Array.from(orders, o => o.price),
    note: orders.map(o => o.note),
    vector_0: Float64Array.from(orders, o => o.vector?.[0] ?? Number.NaN),
    vector_1: Float64Array.from(orders, o => o.vector?.[1] ?? Number.NaN),
  };
  return {count: orders.length, columns};
}

async function ordersOf(log: Awaited<ReturnType<typeof openSegmentLog>>): Promise<Order[]> {
  const orders: Order[] = [];
  for await (const {count, columns} of log.read())
    for (let i = 0; i < count; i++) {
      const numbers = [columns.vector_0![i] as number, columns.vector_1![i] as number] as [number, number];
      orders.push({
        id: columns.id![i] as string,
        at: columns.at![i] as number,
        price: columns.price![i] as number,
        note: columns.note![i] as string | null,
        vector: Number.isNaN(numbers[0]) ? null : numbers,
      });
    }
  return orders;
}
