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

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

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
      await expect(log.truncateBefore(1)).rejects.toMatchObject(closed);
      await expect(log.erase([0])).rejects.toMatchObject(closed);
      expect(() => log.end()).toThrow(expect.objectContaining(closed));
      expect(() => log.start()).toThrow(expect.objectContaining(closed));
    });

    promise('is truncated by whole files: what is left has the positions that it had', async (log, open) => {
      for (let i = 0; i < 60; i++) await log.append(someEvents(i % 2 ? 'a' : 'b', 10, 10 * i));
      const all = eventsOf(await batchesOf(log));
      expect(log.start()).toBe(0);
      let start = 0;
      for (const position of [0, 7, 255, 100, 431]) {
        const next = await log.truncateBefore(position);
        expect(next).toBe(log.start());
        expect(next).toBeGreaterThanOrEqual(start);
        expect(next).toBeLessThanOrEqual(Math.max(start, position));
        start = next;
        expect(eventsOf(await batchesOf(log))).toEqual(all.slice(start));
        expect(eventsOf(await batchesOf(log, {from: 3, to: 500}))).toEqual(all.slice(Math.max(3, start), 500));
        expect(eventsOf(await batchesOf(log, {stream: 'a', from: 440}))).toEqual(
          all.slice(440).filter(event => event.stream === 'a'),
        );
      }
      await log.close();
      const again = await open();
      expect([again.start(), again.end()]).toEqual([start, 600]);
      expect(eventsOf(await batchesOf(again))).toEqual(all.slice(start));
    });

    promise('can be truncated to nothing, and goes on at the position where it was', async (log, open) => {
      await log.append(someEvents('a', 5));
      expect(await log.truncateBefore(log.end())).toBe(5);
      expect(await batchesOf(log)).toEqual([]);
      await log.close();
      const again = await open();
      expect([again.start(), again.end()]).toEqual([5, 5]);
      expect(await again.append(someEvents('a', 3, 5))).toBe(5);
      expect(await again.truncateBefore(Number.POSITIVE_INFINITY)).toBe(8);
      expect(await again.append(someEvents('b', 2))).toBe(8);
      expect(eventsOf(await batchesOf(again, {from: 0}))).toEqual(positioned(someEvents('b', 2), 8));
      expect(await batchesOf(again, {stream: 'a'})).toEqual([]);
    });

    promise('erases events at any positions; others keep theirs', async (log, open) => {
      for (let i = 0; i < 30; i++) await log.append(someEvents(i % 2 ? 'a' : 'b', 20, 20 * i));
      const all = eventsOf(await batchesOf(log));
      const gone = new Set([0, 21, 22, 23, 59, 300, 301, 599, ...Array.from({length: 20}, (_, i) => 100 + i)]);
      const left = all.filter(event => !gone.has(event.position as number));
      expect(await log.erase([...gone].reverse())).toBe(28);
      const check = async (now: EventLog) => {
        expect([now.start(), now.end()]).toEqual([0, 600]);
        expect(eventsOf(await batchesOf(now))).toEqual(left);
        expect(eventsOf(await batchesOf(now, {stream: 'b', from: 22, to: 590}))).toEqual(
          left.filter(({position, stream}) => stream === 'b' && Number(position) >= 22 && Number(position) < 590),
        );
        expect(await batchesOf(now, {from: 100, to: 120})).toEqual([]);
      };
      await check(log);
      expect(await log.erase(Float64Array.from(gone))).toBe(0);
      expect(await log.erase([24, 24, 0, -1, 600, 0.5])).toBe(1);
      left.splice(
        left.findIndex(({position}) => position === 24),
        1,
      );
      await log.close();
      const again = await open();
      await check(again);
      expect(await again.append(someEvents('a', 1))).toBe(600);
    });

    promise('erases while it is read and appended to: each event is read as it was or not at all', async log => {
      for (let i = 0; i < 40; i++) await log.append(someEvents(i % 2 ? 'a' : 'b', 1_000, i * 1_000));
      const all = eventsOf(await batchesOf(log));
      const reader = async () => {
        const seen: PositionedBatch[] = [];
        for await (const batch of log.read({to: 40_000})) {
          seen.push(batch);
          await new Promise(setImmediate);
        }
        return eventsOf(seen);
      };
      const work = async () => {
        for (let round = 0; round < 8; round++) {
          await log.erase(Array.from({length: 4_000}, (_, i) => 10 * i + round));
          await log.append(someEvents('a', 10));
        }
      };
      const [first, second] = await Promise.all([reader(), reader(), work()]);
      for (const read of [first, second]) {
        for (const event of read) expect(event.id).toBe(all[event.position as number]!.id);
        expect(read.filter(({position}) => Number(position) % 10 > 7)).toEqual(
          all.filter(({position}) => Number(position) % 10 > 7),
        );
      }
      expect(eventsOf(await batchesOf(log, {to: 40_000}))).toHaveLength(8_000);
    });

    promise('is truncated while it is read: a reader goes on where the log now begins', async log => {
      for (let i = 0; i < 60; i++) await log.append(someEvents('a', 500, i * 500));
      const seen: PositionedBatch[] = [];
      let start = 0;
      for await (const batch of log.read()) {
        seen.push(batch);
        if (start === 0) start = await log.truncateBefore(29_000);
      }
      const positions = eventsOf(seen).map(event => event.position as number);
      expect(positions.every((position, i) => i === 0 || position > positions[i - 1]!)).toBe(true);
      expect(positions.filter(position => position >= start)).toHaveLength(30_000 - start);
    });

    promise(
      'holds what a list would hold, after any run of appends, erasures, truncations and reopenings',
      async (log, open) => {
        const random = randomFrom(42);
        const model: Record<string, unknown>[] = [];
        let now = log;
        let end = 0;
        for (let step = 0; step < 120; step++) {
          const choice = random();
          if (choice < 0.6) {
            const batch = someEvents(random() < 0.5 ? 'a' : 'b', 1 + Math.floor(random() * 30), end);
            model.push(...positioned(batch, await now.append(batch)));
            end += batch.count;
          } else if (choice < 0.85) {
            const chosen = Array.from({length: 12}, () => Math.floor(random() * end));
            const before = model.length;
            const gone = new Set(chosen);
            model.splice(0, before, ...model.filter(({position}) => !gone.has(position as number)));
            expect(await now.erase(chosen)).toBe(before - model.length);
          } else if (choice < 0.92) {
            const start = await now.truncateBefore(Math.floor((random() * end) / 2));
            model.splice(0, model.length, ...model.filter(({position}) => (position as number) >= start));
          } else {
            await now.close();
            now = await open();
          }
          expect(now.end()).toBe(end);
        }
        expect(eventsOf(await batchesOf(now))).toEqual(model);
      },
    );

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
