/** The promises every event log keeps, whatever is underneath. */
import {describe, expect} from 'vitest';
import type {ColumnData, EventBatch, PositionedBatch} from '../../protocol/index.ts';
import {positionAt} from '../../protocol/index.ts';
import type {EventLog} from '../event-log.ts';
import {type ContractOptions, promises} from './promises.ts';
import {someEvents} from './some-events.ts';

export async function batchesOf(
  log: EventLog,
  range?: {readonly stream?: string; readonly from?: number; readonly to?: number},
): Promise<PositionedBatch[]> {
  const batches: PositionedBatch[] = [];
  for await (const batch of log.read(range)) batches.push(batch);
  return batches;
}

/** Every event as one object, so that logs that cut batches differently compare equal. */
export function eventsOf(batches: readonly PositionedBatch[]): Record<string, unknown>[] {
  return batches.flatMap(batch =>
    Array.from({length: batch.count}, (_, i) => ({
      position: positionAt(batch, i),
      stream: batch.stream,
      id: batch.ids[i],
      eventTime: batch.eventTimes[i],
      arrivalTime: batch.arrivalTimes[i],
      ...Object.fromEntries(Object.entries(batch.columns).map(([name, column]) => [name, column[i]])),
    })),
  );
}

const positioned = (batch: EventBatch, position: number): Record<string, unknown>[] => eventsOf([{...batch, position}]);

const withColumns = (columns: Record<string, ColumnData>): EventBatch => {
  const count = Object.values(columns)[0]!.length;
  return {...someEvents('s', count), columns};
};

export function describeEventLog(adapter: string, options: ContractOptions<EventLog>): void {
  describe(`event log: ${adapter}`, () => {
    const {promise, end} = promises(options, log => log.close());

    promise('is empty at first', async log => {
      expect(log.end()).toBe(0);
      expect(await batchesOf(log)).toEqual([]);
    });

    promise('answers an append with the position of its first event', async log => {
      expect(await log.append(someEvents('a', 3))).toBe(0);
      expect(await log.append(someEvents('b', 2))).toBe(3);
      expect(log.end()).toBe(5);
    });

    promise('gives back ids, times, numbers, strings and nulls as they were', async log => {
      const batch = someEvents('a', 1_000);
      await log.append(batch);
      expect(eventsOf(await batchesOf(log))).toEqual(positioned(batch, 0));
    });

    promise('keeps infinities, negative zero, the smallest and the largest numbers', async log => {
      const values = [Infinity, -Infinity, -0, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, Number.NaN];
      await log.append(withColumns({x: Float64Array.from(values)}));
      expect([...((await batchesOf(log))[0]!.columns.x as Float64Array)]).toEqual(values);
    });

    promise('keeps text of any script, empty text, long text, and null apart from empty', async log => {
      const texts = ['', null, 'ascii', 'Αθήνα', '東京', '🛫🛬', 'é\u0000\n', 'x'.repeat(70_000), 'null', null];
      await log.append({...withColumns({text: texts, 'имя колонки': texts}), ids: texts.map((t, i) => `${i}${t}`)});
      const [batch] = await batchesOf(log);
      expect(batch!.columns).toEqual({text: texts, 'имя колонки': texts});
      expect(batch!.ids).toEqual(texts.map((t, i) => `${i}${t}`));
    });

    promise('keeps a column of nulls only and a batch without columns', async log => {
      await log.append(withColumns({text: [null, null], x: Float64Array.of(Number.NaN, Number.NaN)}));
      await log.append({...someEvents('bare', 2), columns: {}});
      const [first, second] = await batchesOf(log);
      expect(first!.columns).toEqual({text: [null, null], x: Float64Array.of(Number.NaN, Number.NaN)});
      expect(second).toMatchObject({stream: 'bare', count: 2, columns: {}});
    });

    promise('takes an empty batch without giving it a position', async log => {
      await log.append(someEvents('a', 2));
      expect(await log.append(someEvents('a', 0))).toBe(2);
      expect(log.end()).toBe(2);
      expect(eventsOf(await batchesOf(log))).toHaveLength(2);
    });

    promise('reads the streams apart, each event with its own position', async log => {
      for (let i = 0; i < 20; i++) await log.append(someEvents(i % 3 === 0 ? 'a' : 'b', i % 4, i * 10));
      const all = eventsOf(await batchesOf(log));
      expect(all.map(event => event.position)).toEqual(all.map((_, i) => i));
      for (const stream of ['a', 'b'])
        expect(eventsOf(await batchesOf(log, {stream}))).toEqual(all.filter(event => event.stream === stream));
      expect(await batchesOf(log, {stream: 'absent'})).toEqual([]);
    });

    promise('never mixes streams in a batch', async log => {
      for (let i = 0; i < 6; i++) await log.append(someEvents(i % 2 === 0 ? 'a' : 'b', 2));
      for (const {stream, ids} of await batchesOf(log)) expect(ids.every(id => id.startsWith(stream))).toBe(true);
    });

    promise('cuts batches at both bounds', async log => {
      await log.append(someEvents('a', 10));
      await log.append(someEvents('b', 10));
      await log.append(someEvents('a', 10, 10));
      const all = eventsOf(await batchesOf(log));
      for (const [from, to] of [
        [0, 30],
        [3, 7],
        [5, 15],
        [9, 21],
        [10, 20],
        [29, 99],
        [30, 40],
        [7, 7],
        [8, 2],
      ] as const) {
        expect(eventsOf(await batchesOf(log, {from, to}))).toEqual(all.slice(from, Math.max(from, to)));
        const ofA = all.slice(from, Math.max(from, to)).filter(event => event.stream === 'a');
        expect(eventsOf(await batchesOf(log, {stream: 'a', from, to}))).toEqual(ofA);
      }
    });

    promise('lets the columns of a stream change from batch to batch', async log => {
      const old = someEvents('a', 3);
      const wider = {...someEvents('a', 3, 3), columns: {...someEvents('a', 3, 3).columns, more: ['x', null, 'z']}};
      const retyped = {...someEvents('a', 3, 6), columns: {delay: ['late', null, 'early']}};
      for (const batch of [old, wider, retyped]) await log.append(batch);
      expect(eventsOf(await batchesOf(log, {stream: 'a'}))).toEqual([
        ...positioned(old, 0),
        ...positioned(wider, 3),
        ...positioned(retyped, 6),
      ]);
    });

    promise('appends nothing of a batch whose columns have unequal lengths', async log => {
      const batch = {...someEvents('a', 3), columns: {x: new Float64Array(2)}};
      await expect(log.append(batch)).rejects.toThrow("3 events has 2 values in 'x'");
      expect(log.end()).toBe(0);
      expect(await log.append(someEvents('a', 1))).toBe(0);
    });

    promise('keeps its own copy of a batch', async log => {
      const batch = someEvents('a', 50);
      const before = structuredClone(batch);
      await log.append(batch);
      batch.eventTimes.fill(0);
      (batch.columns.delay as Float64Array).fill(0);
      (batch.ids as string[]).fill('changed');
      expect(eventsOf(await batchesOf(log))).toEqual(positioned(before, 0));
    });

    promise('hands out batches that the caller may change', async log => {
      await log.append(someEvents('a', 50));
      const [batch] = await batchesOf(log);
      batch!.eventTimes.fill(-1);
      expect(eventsOf(await batchesOf(log))).toEqual(positioned(someEvents('a', 50), 0));
    });

    promise('keeps appends in the order in which they were called, without waiting between them', async log => {
      const positions = await Promise.all(Array.from({length: 100}, (_, i) => log.append(someEvents('a', 2, 2 * i))));
      expect(positions).toEqual(Array.from({length: 100}, (_, i) => 2 * i));
      expect(eventsOf(await batchesOf(log)).map(event => event.id)).toEqual([...someEvents('a', 200).ids]);
    });

    promise('reads up to the end at the call, while appends go on', async log => {
      for (let i = 0; i < 40; i++) await log.append(someEvents('a', 500, i * 500));
      const reading = log.read({stream: 'a'});
      let seen = 0;
      for await (const {count} of reading) {
        seen += count;
        await log.append(someEvents('a', 500, 0));
      }
      expect(seen).toBe(20_000);
      expect(log.end()).toBeGreaterThan(20_000);
    });

    promise('can be read by several readers at once, and left in the middle', async log => {
      for (let i = 0; i < 50; i++) await log.append(someEvents(i % 2 ? 'a' : 'b', 1_000, i * 1_000));
      for await (const batch of log.read()) {
        expect(batch.position).toBe(0);
        break;
      }
      const [a, b] = await Promise.all([batchesOf(log, {stream: 'a'}), batchesOf(log, {stream: 'b'})]);
      expect([eventsOf(a).length, eventsOf(b).length]).toEqual([25_000, 25_000]);
    });

    promise('joins many small batches of one stream when reading', async log => {
      for (let i = 0; i < 3_000; i++) await log.append(someEvents(i % 2 ? 'a' : 'b', 2, i * 2));
      const batches = await batchesOf(log, {stream: 'a'});
      expect(batches.length).toBeLessThan(300);
      const events = eventsOf(batches);
      expect(events.map(event => event.position)).toEqual(
        Array.from({length: 3_000}, (_, k) => 4 * Math.floor(k / 2) + 2 + (k % 2)),
      );
      expect(events.every(event => event.id === `a-${event.position}`)).toBe(true);
    });

    promise('refuses everything but close once closed', async log => {
      await log.append(someEvents('a', 2));
      await log.close();
      await log.close();
      const closed = {code: 'STORE_CLOSED'};
      await expect(log.append(someEvents('a', 1))).rejects.toMatchObject(closed);
      await expect(batchesOf(log)).rejects.toMatchObject(closed);
      await expect(log.sync()).rejects.toMatchObject(closed);
      expect(() => log.end()).toThrow(expect.objectContaining(closed));
    });

    promise('survives reopening, and goes on where it was', async (log, open) => {
      await log.append(someEvents('a', 5));
      await log.append(someEvents('b', 5));
      await log.sync();
      const before = await batchesOf(log);
      await log.close();
      const again = await open();
      expect(again.end()).toBe(10);
      expect(eventsOf(await batchesOf(again))).toEqual(eventsOf(before));
      expect(await again.append(someEvents('a', 1, 5))).toBe(10);
      expect(eventsOf(await batchesOf(again, {stream: 'a'})).map(event => event.position)).toEqual([0, 1, 2, 3, 4, 10]);
    });

    end();
  });
}
