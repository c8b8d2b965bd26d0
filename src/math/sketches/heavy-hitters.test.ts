import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {seededRandom} from '../random.ts';
import {HeavyHitters} from './heavy-hitters.ts';

const STEP = 100;
const STEPS = 4;
const options = (capacity: number) => ({capacity, windowMs: STEP * STEPS, steps: STEPS});

type Asked = {readonly key: string; readonly time: number};

/** What lies between the last whole step before the window and `now`, counted one by one. */
function naive(asked: readonly Asked[], now: number): Map<string, number> {
  const from = Math.floor((now - STEP * STEPS) / STEP) * STEP;
  const counts = new Map<string, number>();
  for (const {key, time} of asked) if (time >= from && time <= now) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

const stream = (keys: number) =>
  fc.array(fc.tuple(fc.nat(keys - 1), fc.nat(90)), {maxLength: 300}).map(steps => {
    let time = 5_000;
    return steps.map(([key, ahead]): Asked => {
      time += ahead;
      return {key: `k${key}`, time};
    });
  });

describe('heavy hitters', () => {
  test('count exactly while a window has no more keys than there are counters', () => {
    fc.assert(
      fc.property(stream(12), fc.nat(600), (asked, later) => {
        const hitters = new HeavyHitters(options(12));
        for (const {key, time} of asked) hitters.add(key, time);
        const now = (asked.at(-1)?.time ?? 0) + later;
        hitters.advanceTo(now);
        const expected = [...naive(asked, now)].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
        expect(hitters.atLeast(1).map(({key, counted}) => [key, counted])).toEqual(expected);
        expect(hitters.atLeast(3).map(({key}) => key)).toEqual(expected.filter(([, n]) => n >= 3).map(([key]) => key));
      }),
      {seed: 7},
    );
  });

  test('never count a key more often than it came, and lose no addition of the window', () => {
    fc.assert(
      fc.property(stream(40), asked => {
        const hitters = new HeavyHitters(options(5));
        for (const [i, {key, time}] of asked.entries()) {
          hitters.add(key, time);
          const truth = naive(asked.slice(0, i + 1), time);
          const kept = hitters.atLeast(0);
          for (const found of kept) {
            expect(found.counted).toBeLessThanOrEqual(truth.get(found.key) ?? 0);
            expect(found.counted).toBeLessThanOrEqual(found.count);
          }
          const all = [...truth.values()].reduce((sum, n) => sum + n, 0);
          if (kept.length === 5) expect(kept.reduce((sum, {count}) => sum + count, 0)).toBe(all);
        }
      }),
      {seed: 8, numRuns: 60},
    );
  });

  test('lose a key only while it has at most its share of the additions', () => {
    fc.assert(
      fc.property(stream(40), asked => {
        const hitters = new HeavyHitters(options(5));
        for (const [i, {key, time}] of asked.entries()) {
          hitters.advanceTo(time);
          const before = hitters.atLeast(0);
          hitters.add(key, time);
          const after = new Set(hitters.atLeast(0).map(kept => kept.key));
          const all = [...naive(asked.slice(0, i), time).values()].reduce((sum, n) => sum + n, 0);
          for (const {key: lost, count} of before) if (!after.has(lost)) expect(count).toBeLessThanOrEqual(all / 5);
        }
      }),
      {seed: 9, numRuns: 60},
    );
  });

  test('find the frequent among far more keys than counters, also after years of others', () => {
    const random = seededRandom(4);
    const hitters = new HeavyHitters({capacity: 200, windowMs: 60_000, steps: 8});
    const counts = new Map<string, number>();
    for (let i = 0; i < 200_000; i++) {
      // Every third request is for one of 20; the others never come again.
      const key = random() < 1 / 3 ? `often${Math.floor(random() * 20)}` : `once${i}`;
      hitters.add(key, i);
      if (i >= 200_000 - 60_000) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const found = hitters.atLeast(500);
    expect(found.map(({key}) => key).sort()).toEqual(
      [...counts]
        .filter(([, n]) => n >= 500)
        .map(([key]) => key)
        .sort(),
    );
    expect(found).toHaveLength(20);
    expect(hitters.size).toBe(200);
  });

  test('forget everything when nothing came for a window, and take what comes late as now', () => {
    const hitters = new HeavyHitters(options(3));
    hitters.add('a', 1_000);
    hitters.add('a', 990);
    expect(hitters.atLeast(2)).toEqual([{key: 'a', counted: 2, count: 2}]);
    hitters.advanceTo(1_000_000);
    expect(hitters.atLeast(1)).toEqual([]);
    hitters.add('b', 1_000_001);
    expect(hitters.atLeast(1)).toEqual([{key: 'b', counted: 1, count: 1}]);
  });

  test('refuse a window without length', () => {
    expect(() => new HeavyHitters({capacity: 1, windowMs: 0, steps: 1})).toThrow(RangeError);
    expect(() => new HeavyHitters({capacity: 0, windowMs: 1, steps: 1})).toThrow(RangeError);
  });
});
