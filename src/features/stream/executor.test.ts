import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {disagreements} from '../contract/agreement.ts';
import {between, habits, history, payments, START, spend} from '../contract/history.ts';
import {naiveFeatures} from '../contract/naive.ts';
import {readLive} from '../contract/read-live.ts';
import {StreamExecutor} from './executor.ts';

describe('stream executor', () => {
  test.each([1, 2, 3, 4])('agrees with the naive loop at every query, seed %i', seed => {
    const batches = history(seed, 1_500);
    const executor = new StreamExecutor([spend, habits, between]);
    const random = seededRandom(seed + 100);
    let applied = 0;
    for (let q = START; q < START + 4.5 * 86_400_000; q += Math.floor(random() * 8_000_000)) {
      while (applied < batches.length && batches[applied]!.arrivalTimes[0]! <= q) executor.apply(batches[applied++]!);
      for (const user of ['busy', 'a', 'ö', 'nobody', null]) {
        for (const [view, key] of [
          [spend, [user]],
          [habits, [user]],
          [between, [user, 's']],
        ] as const) {
          const want = naiveFeatures(view, batches, {key, q, position: executor.position});
          expect(disagreements(view, readLive(executor, view, key, q), want), `of ${user} at ${q}`).toEqual([]);
        }
      }
    }
    expect(applied).toBeGreaterThan(batches.length - 5);
  });

  test('gives the same bits whatever was read before', () => {
    const batches = history(9, 3_000);
    const often = new StreamExecutor([spend]);
    const once = new StreamExecutor([spend]);
    for (const batch of batches) {
      for (const executor of [often, once]) executor.apply(batch);
      readLive(often, spend, ['busy'], batch.arrivalTimes.at(-1)!);
    }
    const end = Math.max(...batches.map(b => b.arrivalTimes.at(-1)!));
    expect(readLive(once, spend, ['busy'], end)).toEqual(readLive(often, spend, ['busy'], end));
  });

  test('never shows an event at its own time, nor one that has not arrived', () => {
    const executor = new StreamExecutor([spend]);
    const one = (time: number, arrival: number, position: number) => ({
      ...history(1, 1)[0]!,
      position,
      ids: [`x${position}`],
      eventTimes: Float64Array.of(time),
      arrivalTimes: Float64Array.of(arrival),
      columns: {...history(1, 1)[0]!.columns, user: ['u']},
    });
    executor.advanceTo(START);
    executor.apply(one(START, START, 0));
    executor.apply(one(START - 1_000, START + 5_000, 1));
    const n = (q: number) => readLive(executor, spend, ['u'], q).n_1h;
    expect(n(START)).toBe(0);
    expect(n(START + 1)).toBe(1);
    expect(n(START + 4_999)).toBe(1);
    expect(n(START + 5_000)).toBe(2);
    expect(() => n(START)).toThrow(/before the clock/);
  });

  test('counts an event beyond the declared lateness and uses it nowhere', () => {
    const [batch] = history(1, 1);
    const executor = new StreamExecutor([spend]);
    executor.apply({
      ...batch!,
      eventTimes: Float64Array.of(START),
      arrivalTimes: Float64Array.of(START + payments.latenessMs + 1),
      columns: {...batch!.columns, user: ['u']},
    });
    expect(executor.late).toBe(1);
    expect(readLive(executor, spend, ['u'], START + 9_000_000).n_3d).toBe(0);
  });
});
